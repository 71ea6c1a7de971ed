import type { AddressInfo, Server } from "node:net";
import type { FastifyInstance } from "fastify";
import type { Config } from "../config.ts";
import { StartupError } from "../startup-error.ts";

/** Requests still running after this time are cut off. */
const requestGraceMs = 1_500;
/**
 * Length of the kernel's queue of incoming connections. Node's default of 511 overflows when all clients reconnect at
 * once, and dropped clients retry only after seconds that double. The kernel caps it at its own limit (`somaxconn`).
 */
const backlog = 8_192;

export interface ListenOptions extends Pick<Config, "port" | "host"> {
  /** Other processes may listen on the same port. */
  reusePort?: boolean;
}

/** Without a host, Node listens on IPv6 and IPv4, as far as the machine has them. @throws StartupError */
export function listen(server: Server, { port, host, reusePort = false }: ListenOptions): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException) =>
      reject(new StartupError(explain(error, port, host), { cause: error }));
    server.once("error", fail);
    server.listen({ port, backlog, ...(reusePort && { reusePort }), ...(host === undefined ? {} : { host }) }, () => {
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

/** The server's URL as seen from this machine. */
export function localUrl(host: string | undefined, port: number): string {
  const isAny = host === undefined || host === "0.0.0.0" || host === "::";
  const name = isAny ? "localhost" : host.includes(":") ? `[${host}]` : host;
  return `http://${name}:${port}`;
}

/** Refuses new requests and waits for running ones, at most `requestGraceMs`. */
export async function closeHttp(http: FastifyInstance): Promise<void> {
  const deadline = setTimeout(() => http.server.closeAllConnections(), requestGraceMs);
  http.server.closeIdleConnections();
  await http.close();
  clearTimeout(deadline);
}
