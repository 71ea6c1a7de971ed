import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { onFinished } from "./on-finished.ts";

/** Less than this within one period, and an upload does not move. */
const movingBytes = 32 * 1024;
const tooLate = "HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";

/**
 * Closes the connections of requests whose body takes too long to arrive, whoever sends them and whatever was
 * answered: a body that trickles in costs its sender nothing and holds a connection here.
 */
export class BodyDeadlines {
  readonly #timeoutMs: number;
  /** Requests whose body may take longer than one period as long as it moves. */
  readonly #uploads = new WeakSet<IncomingMessage>();

  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
  }

  /** Watches all requests of this server. */
  watch(server: Server): void {
    server.prependListener("request", (request: IncomingMessage, response: ServerResponse) => {
      const { "content-length": length = "0", "transfer-encoding": encoding } = request.headers;
      if (encoding !== undefined || length !== "0") this.#start(request, response);
    });
  }

  /** From now on this request, of an authenticated user, only has to move. */
  allowUpload(request: IncomingMessage): void {
    this.#uploads.add(request);
  }

  /**
   * Ends the request with an answer, unless there was one: a load balancer takes a node that closes without any for one that fails,
   * and sends it nobody for a while.
   */
  end({ socket }: IncomingMessage, response: ServerResponse): void {
    // An answer to an earlier request of the connection may be under way.
    const isNext = response.socket === socket && !response.headersSent;
    if (!isNext || !socket.writable) return void socket.destroy();
    socket.end(tooLate);
    socket.destroySoon();
  }

  #start(request: IncomingMessage, response: ServerResponse): void {
    const { socket } = request;
    let before = socket.bytesRead;
    const timer = setInterval(() => {
      const moved = socket.bytesRead - before;
      before = socket.bytesRead;
      if (request.complete) clearInterval(timer);
      else if (!this.#uploads.has(request) || moved < movingBytes) this.end(request, response);
    }, this.#timeoutMs);
    timer.unref();
    onFinished(request, response, () => clearInterval(timer));
  }
}
