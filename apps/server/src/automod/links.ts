/** An address in a text, whether or not it would become a link. */
export interface Address {
  /** In small letters, without user name and port. */
  readonly host: string;
  /** From the host on, with path, query and fragment. */
  readonly rest: string;
  readonly start: number;
  readonly end: number;
  /** Has a scheme, `www.` or a path: nobody writes so by mistake. */
  readonly isCertain: boolean;
}

const hostAtMost = 253;
const host = /^(?:[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}_-]{0,62})\.){1,10}(?:xn--[a-z\d-]{1,59}|\p{L}{2,24})$/u;
const ipAddress = /^\d{1,3}(?:\.\d{1,3}){3}$/;
/** Dots as people write them so that an address is not seen as one; each finds a bounded number of characters. */
const hiddenDot = /[[({<]\s?(?:\.|dot|d0t|точка|тчк)\s?[\])}>]|\s(?:dot|точка)\s/giu;
const dotLike = /[。．｡․‧∙⋅•]/gu;
const invisible = /\p{Default_Ignorable_Code_Point}/gu;

/** Endings of bare addresses. Those in `fileEndings` are the names of files as well. */
const endings = new Set(
  `com net org info biz name pro mobi app dev io ai co me tv cc gg to ly gl be ru su рф рус бел укр онлайн сайт москва дети орг ком
  ua by kz uz kg am az ge md tj tm lv lt ee pl de fr es it uk us ca cn jp kr in eu nl ch at cz sk se no fi dk tr ir il br mx
  xyz top club online site website shop store space fun live life link click vip win bet casino poker games game porn sex xxx cam
  chat icu buzz work world today tech blog news cloud agency group team zone digital network ninja media email ltd one red bio lol
  moe wtf pw ws la fm im gd st tk ml ga cf gq sh rs py pl mov zip`.split(/\s+/),
);
const fileEndings = new Set([
  "sh",
  "rs",
  "py",
  "pl",
  "md",
  "mov",
  "zip",
  "ml",
  "cc",
  "in",
  "to",
  "am",
  "be",
  "it",
  "at",
  "is",
  "so",
  "me",
]);

/** Addresses in the text, with those whose dots are written in other ways. Takes time in proportion to the text. */
export function addressesIn(text: string): Address[] {
  if (!/[.。．｡․‧∙⋅•]|dot|d0t|точк|тчк/iu.test(text)) return [];
  const found: Address[] = [];
  for (const { 0: chunk, index } of text.matchAll(/[^\s<>"'`«»„“”|*()[\]{},;\\]+/gu)) {
    const address = addressOf(chunk, index, index + chunk.length);
    if (address) found.push(address);
  }
  const shown = text.replace(invisible, "").replace(hiddenDot, ".").replace(dotLike, ".");
  if (shown === text) return found;
  for (const { 0: chunk } of shown.matchAll(/[^\s<>"'`«»„“”|*()[\]{},;\\]+/gu)) {
    const address = addressOf(chunk, 0, text.length);
    if (address && !found.some((known) => known.host === address.host)) found.push(address);
  }
  return found;
}

function addressOf(chunk: string, start: number, end: number): Address | null {
  if (!chunk.includes(".")) return null;
  const scheme = /^\P{L}{0,8}(?:h[tx]{2}ps?|ftp|tg|discord):\/{0,2}/iu.exec(chunk);
  const body = chunk.slice(scheme?.[0].length ?? 0).replace(/^[^\p{L}\p{N}.]{1,20}/u, "");
  const stop = body.search(/[/?#:\\]/);
  const authority = (stop < 0 ? body : body.slice(0, stop)).slice(0, hostAtMost + 20);
  const name = authority
    .slice(authority.lastIndexOf("@") + 1)
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]{1,20}$/u, "")
    .replace(/^\.{1,3}/, "");
  const hasPath = stop >= 0 && /^[/?#:][^\s]/.test(body.slice(stop));
  const isMail = authority.includes("@") && !scheme;
  if (isMail || name.length > hostAtMost) return null;
  const isCertain = scheme !== null || name.startsWith("www.");
  const bare = name.replace(/^www\./, "");
  if (ipAddress.test(bare)) return isCertain || hasPath ? made(bare) : null;
  if (!host.test(bare) && !(isCertain && bare.includes("."))) return null;
  const ending = bare.slice(bare.lastIndexOf(".") + 1);
  if (!isCertain && !endings.has(ending) && !endings.has(latinOf(ending))) return null;
  if (!isCertain && !hasPath && fileEndings.has(ending)) return null;
  return made(bare);

  function made(known: string): Address {
    const rest = known + (stop < 0 ? "" : body.slice(stop));
    return { host: known, rest, start, end, isCertain: isCertain || hasPath };
  }
}

const twins: Readonly<Record<string, string>> = Object.fromEntries(
  Array.from("аaеeоoрpсcуyхxіiѕsјjкkмmтtнhвbԁdѡwаa".matchAll(/(.)(.)/gu), ([, from, to]) => [from!, to!]),
);

/** The name with the Latin letters that its letters look like, accents left out. */
function latinOf(name: string): string {
  return name.replace(/[^\0-\x7F]/gu, (letter) => {
    const known = twins[letter];
    if (known !== undefined || (letter >= "Ѐ" && letter <= "ӿ")) return known ?? letter;
    const plain = letter.normalize("NFKD").replace(/\p{M}/gu, "");
    return twins[plain] ?? (plain.length <= 2 ? plain : letter);
  });
}

/** Whether the host is one of the domains or below one. */
export function isWithin(name: string, domains: readonly string[]): boolean {
  return domains.some((domain) => name === domain || name.endsWith(`.${domain}`));
}

/** Whether the host is or looks like one of the domains, or is below such a one. */
export function looksWithin(name: string, domains: readonly string[]): boolean {
  if (isWithin(name, domains)) return true;
  const latin = latinOf(name).replaceAll("0", "o").replaceAll("1", "l");
  return isWithin(
    latin,
    domains.map((domain) => latinOf(domain).replaceAll("0", "o").replaceAll("1", "l")),
  );
}

/** Listed domains with a space at a dot: `example .com`. */
export function spacedDomain(text: string, domains: readonly string[]): boolean {
  if (domains.length === 0 || !/\s\.|\.\s/.test(text)) return false;
  const closed = text.replace(invisible, "").replace(/\s{0,3}\.\s{0,3}/g, ".");
  return addressesIn(closed).some(({ host: name }) => isWithin(name, domains));
}

/** Where other services, and this one, take those who follow an invite. */
const inviteAddress =
  /^(?:(?:www\.|ptb\.|canary\.)?discord(?:app)?\.(?:com|net)\/(?:invite|servers)\/|discord\.(?:gg|io|me|li|link)\/|dsc\.gg\/|invite\.gg\/|(?:t|telegram)\.(?:me|dog)\/(?:joinchat\/|\+)|chat\.whatsapp\.com\/|(?:vk\.me|vk\.com)\/join\/|join\.slack\.com\/|guilded\.gg\/i\/|matrix\.to\/|join\.skype\.com\/|signal\.group\/)[^\s]/i;
const ownInvite = /^[^/?#]+\/invite\/[\w-]{6,32}(?:$|[/?#])/;

function isInvite({ rest }: Pick<Address, "rest">): boolean {
  const address = latinOf(rest.slice(0, 400).replace(/^www\./i, ""));
  return inviteAddress.test(address.toLowerCase()) || ownInvite.test(address);
}

/** `discord gg/abc`, `.gg/abc`, `discord . gg / abc`: invites that are no address. */
const brokenInvite =
  /discord\s{0,2}(?:[.,]|dot|точка)?\s{0,2}gg\s{0,2}[/\\|]\s{0,2}[\w-]{2,}|(?:^|\s)\.gg\s{0,2}\/\s{0,2}[\w-]{2,}|(?:^|\s)t\s{0,2}[.,]?\s{0,2}me\s{0,2}\/\s{0,2}(?:\+|joinchat)/iu;

/** Where an invite is in the text; null when there is none. `isAllowed` says which addresses may be there. */
export function inviteIn(text: string, isAllowed: (address: string) => boolean): { start: number; end: number } | null {
  for (const address of addressesIn(text)) {
    if (isInvite(address) && !isAllowed(address.rest.toLowerCase())) return address;
  }
  if (!/[/\\|]/.test(text)) return null;
  const shown = latinOf(text.replace(invisible, "").replace(hiddenDot, ".").replace(dotLike, "."));
  const broken = brokenInvite.exec(shown);
  if (!broken || isAllowed(broken[0].toLowerCase().replace(/\s/g, ""))) return null;
  return { start: 0, end: text.length };
}
