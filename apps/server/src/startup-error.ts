/** The server cannot start; the message is one sentence that an operator can act on. */
export class StartupError extends Error {
  override readonly name = "StartupError";
}
