import { Readable } from "node:stream";
import type { FastifyInstance, FastifyRequest } from "fastify";

/** What `read` gives; for HEAD, whose answer has no body, nothing is read. */
export async function bodyOf({ method }: FastifyRequest, read: () => Promise<Readable>): Promise<Readable> {
  return method === "HEAD" ? Readable.from([]) : read();
}

/**
 * The framework answers HEAD by the route of GET, and reads a file to its end after it has answered: as fast as the disk
 * gives it, and however many there are.
 */
export function leaveBodiesOfHeadUnread(app: FastifyInstance): void {
  app.addHook("onSend", async ({ method }, _reply, payload) => {
    if (method !== "HEAD" || !(payload instanceof Readable)) return payload;
    payload.destroy();
    return Readable.from([]);
  });
}
