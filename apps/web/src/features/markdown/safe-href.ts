const protocols: ReadonlySet<string> = new Set(["http:", "https:", "mailto:"]);

/** The absolute address, or null for an address that a message must not link to. */
export function safeHref(href: string): string | null {
  const url = URL.parse(href);
  return url && protocols.has(url.protocol) ? url.href : null;
}
