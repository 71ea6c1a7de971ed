import type { ClientContext } from "../client-context.ts";

/** Whether somebody looks at this client. The server forgets it with the connection, so it is sent again after each. */
export class Attention {
  readonly #context: ClientContext;
  #isActive = false;

  constructor(context: ClientContext) {
    this.#context = context;
  }

  set(isActive: boolean): void {
    if (isActive === this.#isActive) return;
    this.#isActive = isActive;
    this.#context.send({ type: "attention", active: isActive });
  }

  connected(): void {
    if (this.#isActive) this.#context.send({ type: "attention", active: true });
  }
}
