/** Pages whose requests are answered. */
export interface OriginPolicy {
  /**
   * For sockets and bearer tokens. `origin` is the request's own header; without one it is not a browser and passes.
   * `host` is the name under which the request reached us.
   */
  allows(origin: string | undefined, host: string | undefined): boolean;
  /** For what cookies open: the same, but `*` in the list counts for nothing. */
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
