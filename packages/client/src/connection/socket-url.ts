/** `origin` as http(s) or ws(s); empty for the page's own. */
export function socketUrl(origin: string, path: string): string {
  const url = new URL(origin === "" ? globalThis.location.origin : origin);
  url.protocol = url.protocol.replace("http", "ws");
  return `${url.origin === "null" ? `${url.protocol}//${url.host}` : url.origin}${path}`;
}
