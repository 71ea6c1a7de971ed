/** Host, port and transport of a STUN or TURN URL. */
export interface IceEndpoint {
  host: string;
  port: number;
  transport: "udp" | "tcp" | "tls";
}

/** Parses `turns:host:port?transport=tcp`, with optional port and transport, as in RFC 7064 and 7065. */
export function readIceUrl(url: string): IceEndpoint {
  const [, scheme = "", host = "", port, query = ""] =
    /^(stuns?|turns?):(\[[^\]]+\]|[^:?]+)(?::(\d+))?(?:\?(.*))?$/.exec(url) ?? [];
  if (host === "") throw new Error(`"${url}" names no host`);
  const isSecure = scheme.endsWith("s");
  const isTcp = new URLSearchParams(query).get("transport") === "tcp";
  return {
    host: host.replace(/^\[|\]$/g, ""),
    port: Number(port ?? (isSecure ? 5_349 : 3_478)),
    transport: isSecure ? "tls" : isTcp ? "tcp" : "udp",
  };
}
