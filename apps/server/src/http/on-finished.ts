import type { IncomingMessage, ServerResponse } from "node:http";

/** Calls back once the request has arrived as a whole, or never will, and its answer has left. */
export function onFinished(request: IncomingMessage, response: ServerResponse, callback: () => void): void {
  let open = 2;
  const close = () => {
    open -= 1;
    if (open === 0) callback();
  };
  request.once("close", close);
  response.once("close", close);
}
