/** Decides from which web origins requests are accepted. */
export interface OriginPolicy {
  /**
   * For WebSockets and bearer tokens. `origin` is the Origin header; requests without it do not come from a browser
   * page and are accepted. `host` is the Host header.
   */
  allows(origin: string | undefined, host: string | undefined): boolean;
  /** For routes that use cookies: the same, except that `*` in the list allows nothing. */
  allowsCookies(origin: string | undefined, host: string | undefined): boolean;
}

export function createOriginPolicy(options: {
  corsOrigins: readonly string[];
  publicUrl: string | undefined;
}): OriginPolicy {
  const listed = new Set(options.corsOrigins);
  if (options.publicUrl) listed.add(new URL(options.publicUrl).origin);
  const allowsCookies: OriginPolicy["allowsCookies"] = (origin, host) =>
    origin === undefined || listed.has(origin) || isSame(origin, host);
  return { allowsCookies, allows: (origin, host) => listed.has("*") || allowsCookies(origin, host) };
}

function isSame(origin: string, host: string | undefined): boolean {
  return host !== undefined && URL.canParse(origin) && new URL(origin).host === host.toLowerCase();
}
