import { createServer, type Server } from "node:http";
import { once } from "node:events";
import { limitReads } from "../http/limit-reads.ts";
import { pingHeaders } from "../voice/regions/ping-headers.ts";

const timeoutMs = 5_000;
const mostConnections = 2_000;

/**
 * Answers `GET /region/ping`, by which browsers measure how far away this machine is, and nothing else.
 * @throws Error when the port is taken
 */
export async function openPingServer(options: { port: number; host: string | undefined }): Promise<Server> {
  const server = createServer({ maxHeaderSize: 16 * 1024, headersTimeout: timeoutMs, requestTimeout: timeoutMs });
  server.keepAliveTimeout = timeoutMs;
  server.maxConnections = mostConnections;
  server.on("request", ({ method, url }, response) => {
    const isPing = method === "GET" && url?.split("?")[0] === "/region/ping";
    response.writeHead(isPing ? 204 : 404, pingHeaders).end();
  });
  limitReads(server);
  const listening = once(server, "listening");
  server.listen(options.port, options.host);
  await listening;
  return server;
}
