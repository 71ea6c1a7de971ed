import { bearerPrefix } from "@miscord/protocol";
import type { IncomingMessage } from "node:http";

/**
 * The token of an upgrade request: from the subprotocol pair `miscord, bearer.<token>`, from the header `Authorization`, which
 * programs can set, else from the query.
 */
export function tokenOf(request: IncomingMessage, query: URLSearchParams): string | null {
  for (const offered of (request.headers["sec-websocket-protocol"] ?? "").split(",")) {
    const name = offered.trim();
    if (name.startsWith(bearerPrefix)) return name.slice(bearerPrefix.length);
  }
  const [, bearer] = /^Bearer +([^\s]{1,4096})$/i.exec(request.headers.authorization ?? "") ?? [];
  return bearer ?? query.get("token");
}
