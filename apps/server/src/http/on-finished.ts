import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";

/** Of each connection, what is to be called when it closes. */
const unfinished = new WeakMap<Socket, Set<() => void>>();

/** Of each exchange, what is to be called when it has finished. Node warns of more than ten listeners at one. */
const callbacksOf = new WeakMap<ServerResponse, (() => void)[]>();

/**
 * Calls back once the request has arrived as a whole, or never will, and its answer has left. Also when the connection is
 * lost: of an answer that waits for the one before it Node then tells nothing, nor of what was lost before somebody asked.
 */
export function onFinished(request: IncomingMessage, response: ServerResponse, callback: () => void): void {
  const known = callbacksOf.get(response);
  if (known) return void known.push(callback);
  const { socket } = request;
  const open = [request, response].filter(({ closed }) => !closed);
  if (socket.destroyed || open.length === 0) return callback();
  const callbacks = [callback];
  callbacksOf.set(response, callbacks);
  const waiting = waitingFor(socket);
  const finish = () => {
    if (!waiting.delete(finish)) return;
    callbacksOf.delete(response);
    for (const call of callbacks) call();
  };
  waiting.add(finish);
  let left = open.length;
  const close = () => {
    left -= 1;
    if (left === 0) finish();
  };
  for (const one of open) one.once("close", close);
}

function waitingFor(socket: Socket): Set<() => void> {
  const known = unfinished.get(socket);
  if (known) return known;
  const waiting = new Set<() => void>();
  unfinished.set(socket, waiting);
  socket.once("close", () => {
    for (const finish of waiting) finish();
  });
  return waiting;
}
