import { bearerPrefix } from "@miscord/protocol";
import type { IncomingMessage } from "node:http";

/** The token of an upgrade: from the query, or from the subprotocol pair `miscord, bearer.<token>`. */
export function tokenOf(request: IncomingMessage, query: URLSearchParams): string | null {
  for (const offered of (request.headers["sec-websocket-protocol"] ?? "").split(",")) {
    const name = offered.trim();
    if (name.startsWith(bearerPrefix)) return name.slice(bearerPrefix.length);
  }
  return query.get("token");
}
