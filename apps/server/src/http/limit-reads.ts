import type { IncomingMessage, RequestListener, Server } from "node:http";
import type { Socket } from "node:net";

/** More of each than clients send at once: browsers and fronts send a request when they have the answer to the one before. */
const most = { requests: 20, smallPieces: 256 };
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
  // Otherwise Node answers by itself what expects something, and it counts for nobody. Nothing has to be done about it.
  server.on("checkExpectation", (request, response) => server.emit("request", request, response));
}

/** Node hands each piece to `push`, as it does for the streams of everybody else. */
function watchPieces(request: IncomingMessage, isTooMuch: () => boolean): void {
  const push = request.push.bind(request);
  request.push = (piece: Buffer | null, encoding) => {
    if (piece !== null && piece.length < smallBytes && isTooMuch()) return true;
    return push(piece, encoding);
  };
}

/** Where Node's parser of HTTP has what it calls: for parts of a head, its end, a piece of a body, the end of a message. */
const callbacks = [1, 2, 3, 4] as const;
type Parser = Record<(typeof callbacks)[number], unknown>;

/**
 * Closes the connection. What was read last would be handled to its end all the same, so that its parser calls nobody for the
 * rest of this turn. That is no documented part of Node: where the parser is another one, it takes longer, and nothing else.
 */
function cutOff(socket: Socket & { parser?: Parser | null }): void {
  if (socket.destroyed) return;
  const { parser } = socket;
  socket.destroy();
  if (!parser || callbacks.some((one) => typeof parser[one] !== "function")) return;
  const kept = { ...parser };
  for (const one of callbacks) parser[one] = null;
  // Another connection gets the parser later.
  setImmediate(() => {
    for (const one of callbacks) parser[one] = kept[one];
  });
}
