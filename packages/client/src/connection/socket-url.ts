/** The WebSocket URL of `path`. `origin` may be http(s) or ws(s); empty means the page's own origin. */
export function socketUrl(origin: string, path: string): string {
  const url = new URL(origin === "" ? globalThis.location.origin : origin);
  url.protocol = url.protocol.replace("http", "ws");
  return `${url.origin === "null" ? `${url.protocol}//${url.host}` : url.origin}${path}`;
}
