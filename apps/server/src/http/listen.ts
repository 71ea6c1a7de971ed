import type { AddressInfo } from "node:net";
import type { FastifyInstance } from "fastify";
import type { Config } from "../config.ts";
import { StartupError } from "../startup-error.ts";

/** Requests that have not ended by then are cut off. */
const requestGraceMs = 1_500;
/**
 * Handshakes that the kernel keeps for us; Node's 511 overflow when everybody comes back at once, and whoever was
 * dropped tries again only after seconds that double. The kernel cuts it to its own limit (`somaxconn`).
 */
const backlog = 8_192;

/** Without a host Node listens on IPv6 and IPv4, or on what the machine has of them. */
export function listen(
  { server }: FastifyInstance,
  { port, host }: Pick<Config, "port" | "host">,
): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException) =>
      reject(new StartupError(explain(error, port, host), { cause: error }));
    server.once("error", fail);
    server.listen({ port, backlog, ...(host === undefined ? {} : { host }) }, () => {
      server.off("error", fail);
      resolve(server.address() as AddressInfo);
    });
  });
}

function explain({ code, message }: NodeJS.ErrnoException, port: number, host: string | undefined): string {
  if (code === "EADDRINUSE") return `Port ${port} is already in use. Choose another with --port.`;
  if (code === "EACCES") return `Port ${port} needs more rights than this user has. Choose one above 1023 with --port.`;
  if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND") return `This machine does not have the address ${host}.`;
  return `It cannot listen on port ${port}: ${message}.`;
}

/** As seen from this machine. */
export function localUrl(host: string | undefined, port: number): string {
  const isAny = host === undefined || host === "0.0.0.0" || host === "::";
  const name = isAny ? "localhost" : host.includes(":") ? `[${host}]` : host;
  return `http://${name}:${port}`;
}

/** Takes no new requests and waits for those that run, but not for ever. */
export async function closeHttp(http: FastifyInstance): Promise<void> {
  const deadline = setTimeout(() => http.server.closeAllConnections(), requestGraceMs);
  http.server.closeIdleConnections();
  await http.close();
  clearTimeout(deadline);
}
