import type { Server } from "node:http";
import proxyAddress from "@fastify/proxy-addr";
import { limitKeyOf, unmapped } from "../client-address.ts";

interface BoundSettings {
  readonly maxConnectionsPerAddress: number;
  readonly trustedProxies: readonly string[];
}

/** A connection that has sent no complete request head after this time is closed. */
const headersTimeoutMs = 30_000;
/** TCP connections of an address for each WebSocket that it may have: HTTP requests need some as well. */
const perWebSocket = 2;

/**
 * Bounds what costs a socket before any request is read: connections that send nothing or half a request head, and the
 * number of connections from one address. Trusted proxies are exempt, since they speak for many addresses.
 */
export function boundConnections(server: Server, { maxConnectionsPerAddress, trustedProxies }: BoundSettings): void {
  const trusts = proxyAddress.compile([...trustedProxies]);
  const limit = perWebSocket * maxConnectionsPerAddress;
  const counts = new Map<string, number>();
  server.headersTimeout = headersTimeoutMs;
  server.on("connection", (socket) => {
    const { remoteAddress } = socket;
    if (remoteAddress === undefined || trusts(remoteAddress, 0)) return;
    const key = limitKeyOf(unmapped(remoteAddress));
    const count = (counts.get(key) ?? 0) + 1;
    if (count > limit) return socket.destroy();
    counts.set(key, count);
    socket.once("close", () => {
      const left = counts.get(key)! - 1;
      if (left > 0) counts.set(key, left);
      else counts.delete(key);
    });
  });
}
