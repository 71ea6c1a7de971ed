import { createServer } from "node:net";
import { listen, type ListenOptions } from "../http/listen.ts";
import { StartupError } from "../startup-error.ts";

/** The workers of a primary that was killed leave the port within this time. */
const retryForMs = 2_000;
const retryEveryMs = 100;

/**
 * The port for all workers; a free one when the setting is 0. Listens on it for a moment, alone: sockets with `reusePort`
 * would also share the port with the workers of another instance of the same user.
 *
 * @throws StartupError
 */
export async function findPort(options: Pick<ListenOptions, "port" | "host">): Promise<number> {
  const until = performance.now() + retryForMs;
  for (;;) {
    try {
      return await tryPort(options);
    } catch (error) {
      if (!isInUse(error) || performance.now() > until) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, retryEveryMs));
  }
}

async function tryPort(options: Pick<ListenOptions, "port" | "host">): Promise<number> {
  const server = createServer((socket) => socket.destroy());
  const { port } = await listen(server, options);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function isInUse(error: unknown): boolean {
  return error instanceof StartupError && (error.cause as NodeJS.ErrnoException).code === "EADDRINUSE";
}
