import { bearerPrefix } from "@miscord/protocol";
import type { IncomingMessage } from "node:http";

/** The access token of an upgrade request: from the subprotocol pair `miscord, bearer.<token>`, else from the query. */
export function tokenOf(request: IncomingMessage, query: URLSearchParams): string | null {
  for (const offered of (request.headers["sec-websocket-protocol"] ?? "").split(",")) {
    const name = offered.trim();
    if (name.startsWith(bearerPrefix)) return name.slice(bearerPrefix.length);
  }
  return query.get("token");
}
