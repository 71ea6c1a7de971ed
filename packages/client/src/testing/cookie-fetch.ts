/** `fetch` with a cookie jar, which Node does not have. Every call creates a separate jar, as of another browser. */
export function createCookieFetch(inner: typeof fetch = fetch): typeof fetch {
  /** By name and path. */
  const jar = new Map<string, { name: string; value: string; path: string }>();
  return async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    const headers = new Headers(init?.headers);
    const sent = [...jar]
      .filter(([, { path }]) => url.pathname.startsWith(path))
      .map(([, { name, value }]) => `${name}=${value}`);
    if (sent.length > 0) headers.set("cookie", sent.join("; "));
    const response = await inner(input, { ...init, headers });
    for (const cookie of response.headers.getSetCookie()) keep(jar, cookie);
    return response;
  };
}

function keep(jar: Map<string, { name: string; value: string; path: string }>, cookie: string): void {
  const [pair = "", ...attributes] = cookie.split(";").map((part) => part.trim());
  const name = pair.slice(0, pair.indexOf("="));
  const value = pair.slice(name.length + 1);
  const path = attributes.find((attribute) => /^path=/i.test(attribute))?.slice(5) ?? "/";
  const isSpent = attributes.some(
    (attribute) => /^max-age=0$/i.test(attribute) || /^expires=Thu, 01 Jan 1970/i.test(attribute),
  );
  if (isSpent || value === "") jar.delete(`${name} ${path}`);
  else jar.set(`${name} ${path}`, { name, value, path });
}
