import { normalized } from "./normalized.ts";
import type { Inline } from "./nodes.ts";

const protocols: ReadonlySet<string> = new Set(["http:", "https:", "mailto:"]);
const maxLength = 2_048;

/** The absolute address, or null for anything that a message must not link to. */
function safeHref(address: string): string | null {
  const url = URL.parse(address);
  // `https://bank.example@evil.example` leads to evil.example.
  if (!url || !protocols.has(url.protocol) || url.username || url.password) return null;
  return url.href;
}

const schemeOrWww = /https?:\/\/|www\./iy;
const closers: ReadonlyMap<string, string> = new Map([
  [")", "("],
  ["]", "["],
  ["}", "{"],
  ["）", "（"],
  ["】", "【"],
]);
const openers: ReadonlySet<string> = new Set(closers.values());
/**
 * What no address holds as people type it: spaces, marks of this grammar, every script's own quotes, brackets and
 * punctuation, and the next address. Made at run time, so that no build step rewrites the `v` flag.
 */
const stop = new RegExp(
  '[\\s\\p{Cc}\\p{Bidi_Control}<>"`\\\\…' +
    "[[\\p{Terminal_Punctuation}\\p{Quotation_Mark}\\p{Pi}\\p{Pf}\\p{Ps}\\p{Pe}]--[\\x21-\\x7E（）【】]]]" +
    // Only where a row of them begins: looked for from each of them, it would take a time that grows with its square.
    "|\\|\\||\\*\\*|~~|(?<![,;\\|])[,;\\|]+(?=https?://|www\\.)",
  "iv",
);
/**
 * Most addresses end within so many characters. Further ones are looked at only for those that do not: a text of short ones would
 * otherwise be read once for each of them.
 */
const nearLength = 128;
/** More than what ends an address needs to see of what follows. */
const lookedAhead = 16;
const host = /^[^/?#]*/;
const trailing = /[.,:;!?'*_~([{（【–—-]/;

/** Where an address that begins at a position ends, as people mean it; null when none begins there. */
export function addressEnd(text: string, start: number): number | null {
  schemeOrWww.lastIndex = start;
  const prefix = schemeOrWww.exec(text)?.[0].length;
  if (prefix === undefined) return null;
  const from = start + prefix;
  const near = bodyLength(text.slice(from, from + nearLength));
  let end = from + (near < nearLength - lookedAhead ? near : bodyLength(text.slice(from, from + maxLength)));
  while (end > from && trailing.test(text.charAt(end - 1)) && !isPathDash(text, end)) end--;
  return end > from ? end : null;
}

/** Up to what no address holds, a bracket that closes nothing, or an emoji after a host. */
function bodyLength(window: string): number {
  const whole = window.slice(0, stop.exec(window)?.index ?? window.length);
  // Emoji may be part of a path; after a host they belong to the sentence.
  const emoji = host.exec(whole)![0].search(/\p{Emoji_Presentation}/u);
  return balancedLength(emoji < 0 ? whole : whole.slice(0, emoji));
}

/** A bracket that closes nothing inside the address belongs to the sentence. */
function balancedLength(body: string): number {
  const open = new Map<string, number>();
  for (let index = 0; index < body.length; index++) {
    const char = body.charAt(index);
    const opener = closers.get(char);
    if (openers.has(char)) open.set(char, (open.get(char) ?? 0) + 1);
    else if (opener !== undefined) {
      const count = open.get(opener) ?? 0;
      if (count === 0) return index;
      open.set(opener, count - 1);
    }
  }
  return body.length;
}

/** Identifiers in paths may end in a hyphen. */
function isPathDash(text: string, end: number): boolean {
  return text.charAt(end - 1) === "-" && /[\w/]/.test(text.charAt(end - 2));
}

/** A bare address as a link; null when it cannot be one. `www.` gets the scheme that every such host answers. */
export function bareLink(raw: string): Inline | null {
  const isWww = /^www\./i.test(raw);
  if (isWww && !/^www\.[^./]+\.[^/]/i.test(raw)) return null;
  const href = safeHref(isWww ? `http://${raw}` : raw);
  return href === null ? null : { type: "link", href, children: [{ type: "text", text: raw }] };
}

const localPart = /[\p{L}\p{N}][\p{L}\p{M}\p{N}._%+-]*$/u;
const domain = /^(?:[\p{L}\p{N}][\p{L}\p{M}\p{N}-]{0,62}\.)+\p{L}[\p{L}\p{M}\p{N}-]{0,60}[\p{L}\p{M}\p{N}]/u;

/** Bounds of the e-mail address around an `@`. `from`: nothing before it belongs to the address. */
export function emailAround(text: string, at: number, from: number): { start: number; end: number } | null {
  const local = localPart.exec(text.slice(Math.max(from, at - 64), at))?.[0];
  const host = domain.exec(text.slice(at + 1, at + 256))?.[0];
  if (local === undefined || host === undefined || local.endsWith(".")) return null;
  const start = at - local.length;
  return text.charAt(start - 1) === "@" ? null : { start, end: at + 1 + host.length };
}

export function mailLink(address: string): Inline | null {
  const href = safeHref(`mailto:${address}`);
  return href === null ? null : { type: "link", href, children: [{ type: "text", text: address }] };
}

const angle = /<(https?:\/\/[^\s<>`\\|]{1,2048}|(?:mailto:)?[^\s<>`\\|@:]{1,64}@[^\s<>`\\|@]{1,255})>/iy;

/** `<https://…>` or `<name@host>`. */
export function angleLink(text: string, start: number): { link: Inline; end: number } | null {
  angle.lastIndex = start;
  const match = angle.exec(text);
  if (!match) return null;
  const inside = match[1]!.replace(/^mailto:/i, "");
  const link = /^https?:/i.test(inside) ? bareLink(inside) : mailLink(inside);
  const isMail = link?.type === "link" && link.href.startsWith("mailto:");
  if (link === null || (isMail && !emailAround(inside, inside.indexOf("@"), 0))) return null;
  return { link, end: start + match[0].length };
}

const title = / +(?:"[^"\n`\\|]{0,200}"|'[^'\n`\\|]{0,200}') *\)/y;

const otherSpaces: ReadonlySet<number> = new Set([0x1680, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000, 0xfeff]);

/** Spaces, backticks, backslashes and `||`. By numbers: a text of nothing but `[a](` asks this two million times. */
function endsTarget(text: string, at: number, code: number): boolean {
  if (code === 0x7c) return text.charCodeAt(at + 1) === 0x7c;
  return code === 0x60 || code === 0x5c || isSpaceCode(code);
}

/** As `\s`. */
function isSpaceCode(code: number): boolean {
  if (code < 0x80) return code === 0x20 || (code >= 0x09 && code <= 0x0d);
  if (code < 0x1680) return code === 0xa0;
  if (code >= 0x2000 && code <= 0x200a) return true;
  return otherSpaces.has(code);
}

/** The target in `](target "title")`, where `start` is at the first bracket. */
export function linkTarget(text: string, start: number): { href: string; end: number } | null {
  if (!text.startsWith("](", start)) return null;
  const from = start + 2;
  let open = 0;
  let end = from;
  for (const most = Math.min(text.length, from + maxLength); end < most; end++) {
    const code = text.charCodeAt(end);
    if (code === 0x28) open++;
    else if (code === 0x29 && open-- === 0) break;
    else if (endsTarget(text, end, code)) break;
  }
  title.lastIndex = end;
  const close = text.charAt(end) === ")" ? end + 1 : end + (title.exec(text)?.[0].length ?? 0);
  const href = close > end ? safeHref(text.slice(from, end).replace(/^<(.*)>$/, "$1")) : null;
  return href === null ? null : { href, end: close };
}

const addressIn = /https?:\/\/|www\./gi;
/** Nobody means a link whose words hold more; reading each of them up to its end would take as long as their number times that. */
const addressesInWords = 16;

/** Whether words, as they are drawn, show the address of another host than the one that the link leads to. */
export function isDeceptive(words: string, href: string): boolean {
  const drawn = normalized(words, "NFKC").replace(/\p{Default_Ignorable_Code_Point}/gu, "");
  const found = [...drawn.matchAll(addressIn)];
  if (found.length > addressesInWords) return true;
  const target = found.length > 0 ? hostOf(href) : null;
  return found.some(({ index }) => {
    const end = addressEnd(drawn, index);
    return end !== null && hostOf(drawn.slice(index, end)) !== target;
  });
}

function hostOf(address: string): string | undefined {
  return URL.parse(/^www\./i.test(address) ? `http://${address}` : address)?.host;
}
