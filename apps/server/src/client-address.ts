import type { IncomingMessage } from "node:http";
import { isIP } from "node:net";
import proxyAddress from "@fastify/proxy-addr";

/** The client's address of a request, as far as it can be trusted. */
export interface ClientAddress {
  /** IPv4 or IPv6; IPv4-mapped IPv6 addresses are converted to IPv4. */
  address: string;
  /** The key for limits: the address, or the /64 network for IPv6, since one customer usually has a whole /64. */
  limitKey: string;
  /** Sent by this machine itself. Never true for a forwarded request, whether or not its proxy is trusted. */
  isLoopback: boolean;
  /**
   * Name under which the request was sent, with its port: `X-Forwarded-Host` where the socket's other end is a trusted
   * proxy that sets it, else `Host`. What `Origin` is compared with, over HTTP and on sockets alike.
   */
  host: string | undefined;
}

/** Of a socket that has disconnected, which no longer reports its address, and of whom a front names by none. */
const unknownAddress = "unknown";

export type AddressReader = (request: Pick<IncomingMessage, "socket" | "headers">) => ClientAddress;

/** Trusts `X-Forwarded-For` and `X-Forwarded-Host` from these proxies only. For HTTP requests and WebSocket upgrades. */
export function createAddressReader(trustedProxies: readonly string[]): AddressReader {
  const isTrusted = proxyAddress.compile([...trustedProxies]);
  const trusts = (named: string | undefined, hops: number) => isTrusted(plain(named), hops);
  return (request) => {
    const address = plain(proxyAddress(request as IncomingMessage, trusts));
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

/** The address, if others may reach it; null for one of a private network or of this machine. */
export function reachableAddress(address: string): string | null {
  return isPrivateAddress(address) || isIP(address) === 0 ? null : address;
}

/** Whether an address is one of a private network or of this machine. */
export function isPrivateAddress(address: string): boolean {
  if (isIP(address) === 6) return /^(?:f[cd]|fe80|::1$)/i.test(address);
  return /^(?:10|127|192\.168|172\.(?:1[6-9]|2\d|3[01]))\./.test(address);
}

/** Whether a Host header is a loopback name or address: a program on this machine asked for localhost. */
export function isLoopbackHost(host: string | undefined): boolean {
  return host !== undefined && /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/i.test(host);
}

/** The /64 network of an IPv6 address; IPv4 addresses and /64 networks are returned unchanged. */
export function limitKeyOf(address: string): string {
  return address.includes(":") && !address.endsWith("/64") ? prefix64(address) : address;
}

function isForwarded(headers: IncomingMessage["headers"]): boolean {
  return ["forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via"].some((name) => name in headers);
}

/** The IPv4 address of an IPv4-mapped IPv6 address; others unchanged. */
function unmapped(address: string): string {
  return address.toLowerCase().startsWith("::ffff:") && address.includes(".") ? address.slice(7) : address;
}

/** Without the port, which some fronts name too: each connection would be an address of its own. */
function plain(found: string | undefined): string {
  if (found === undefined) return unknownAddress;
  const [, ipv4, ipv6] = /^(?:([\d.]+):\d+|\[([^\]]+)\](?::\d+)?)$/.exec(found) ?? [];
  const address = unmapped(ipv4 ?? ipv6 ?? found);
  return isIP(address) === 0 ? unknownAddress : address;
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
