import type { IncomingMessage, RequestListener, Server } from "node:http";
import type { Socket } from "node:net";

/** More of each than clients send at once: browsers and fronts send a request when they have the answer to the one before. */
const most = { requests: 32, smallPieces: 512 };
/** A piece of a chunked body with fewer bytes costs more than what is in it. */
const smallBytes = 64;

/** What a connection has brought in this turn of the event loop. */
interface Brought {
  requests: number;
  smallPieces: number;
}

/**
 * Ends connections that bring very much in one turn of the event loop: thousands of requests, or of pieces of a body, fit into a
 * single read, and are handled before anybody else's turn comes, however soon they are refused. To be called once the server
 * has its listeners.
 */
export function limitReads(server: Server): void {
  const inTurn = new Map<Socket, Brought>();
  const broughtBy = (socket: Socket) => {
    const known = inTurn.get(socket);
    if (known) return known;
    if (inTurn.size === 0) setImmediate(() => inTurn.clear());
    const brought = { requests: 0, smallPieces: 0 };
    inTurn.set(socket, brought);
    return brought;
  };
  const isTooMuch = (socket: Socket, of: keyof Brought) => {
    const brought = broughtBy(socket);
    brought[of] += 1;
    if (brought[of] <= most[of]) return false;
    cutOff(socket);
    return true;
  };
  const listeners = server.listeners("request") as RequestListener[];
  server.removeAllListeners("request");
  server.on("request", (request, response) => {
    const { socket, headers } = request;
    if (isTooMuch(socket, "requests")) return;
    if (headers["transfer-encoding"] !== undefined) watchPieces(request, () => isTooMuch(socket, "smallPieces"));
    for (const listener of listeners) listener(request, response);
  });
}

/** Node hands each piece to `push`, as it does for the streams of everybody else. */
function watchPieces(request: IncomingMessage, isTooMuch: () => boolean): void {
  const push = request.push.bind(request);
  request.push = (piece: Buffer | null, encoding) => {
    if (piece !== null && piece.length < smallBytes && isTooMuch()) return true;
    return push(piece, encoding);
  };
}

/** The parser, which is no part of Node's documented API, would go on to the end of what was read. */
function cutOff(socket: Socket & { parser?: { pause?: () => void } | null }): void {
  if (socket.destroyed) return;
  socket.destroy();
  socket.parser?.pause?.();
}
