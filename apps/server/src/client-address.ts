import type { IncomingMessage } from "node:http";
import proxyAddress from "@fastify/proxy-addr";

/** Where a request comes from, as far as it can be believed. */
export interface ClientAddress {
  /** IPv4, or IPv6 without the mapping of IPv4 into it. */
  address: string;
  /** What limits count by: an IPv6 customer has a whole /64 to write from. */
  limitKey: string;
  /** From this machine itself. Never true for what a proxy forwarded, known to us or not. */
  isLoopback: boolean;
  /**
   * Name under which the request was sent, with its port: `X-Forwarded-Host` where the socket's other end is a trusted
   * proxy that sets it, else `Host`. What `Origin` is compared with, over HTTP and on sockets alike.
   */
  host: string | undefined;
}

/** Of somebody who was gone before anybody asked: a socket tells only while it is connected. */
const unknownAddress = "unknown";

export type AddressReader = (request: Pick<IncomingMessage, "socket" | "headers">) => ClientAddress;

/** Believes `X-Forwarded-For` and `X-Forwarded-Host` from these proxies only. Serves HTTP requests and upgrades alike. */
export function createAddressReader(trustedProxies: readonly string[]): AddressReader {
  const trusts = proxyAddress.compile([...trustedProxies]);
  return (request) => {
    const found: string | undefined = proxyAddress(request as IncomingMessage, trusts);
    const address = found === undefined ? unknownAddress : unmapped(found);
    return {
      address,
      limitKey: limitKeyOf(address),
      isLoopback: isLoopback(address) && !isForwarded(request.headers),
      host: hostOf(request, trusts),
    };
  };
}

/** Tells whether a socket's other end is one of these proxies. */
export function createProxyCheck(trustedProxies: readonly string[]): (address: string) => boolean {
  const trusts = proxyAddress.compile([...trustedProxies]);
  return (address) => trusts(address, 0);
}

function hostOf({ socket, headers }: Parameters<AddressReader>[0], trusts: (address: string, hop: number) => boolean) {
  const forwarded = headers["x-forwarded-host"];
  const peer = socket.remoteAddress;
  if (forwarded === undefined || peer === undefined || !trusts(peer, 0)) return headers.host;
  // Proxies append: the last entry is that of the proxy next to us.
  return String(forwarded).split(",").at(-1)!.trim();
}

/** Whether a Host header names this machine itself, as a tool on it does that asks for localhost. */
export function isLoopbackHost(host: string | undefined): boolean {
  return host !== undefined && /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/i.test(host);
}

/** An IPv6 address down to its network, one that is a network already as it is. */
export function limitKeyOf(address: string): string {
  return address.includes(":") && !address.endsWith("/64") ? prefix64(address) : address;
}

function isForwarded(headers: IncomingMessage["headers"]): boolean {
  return ["forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via"].some((name) => name in headers);
}

function unmapped(address: string): string {
  return address.toLowerCase().startsWith("::ffff:") && address.includes(".") ? address.slice(7) : address;
}

function isLoopback(address: string): boolean {
  return address === "::1" || /^127\.\d+\.\d+\.\d+$/.test(address);
}

function prefix64(address: string): string {
  const [head = "", tail] = address.split("%")[0]!.split("::");
  const left = head.split(":").filter(Boolean);
  const right = tail?.split(":").filter(Boolean) ?? [];
  const groups = [...left, ...Array<string>(Math.max(0, 8 - left.length - right.length)).fill("0"), ...right];
  return `${groups.slice(0, 4).join(":")}::/64`;
}
