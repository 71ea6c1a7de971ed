/** An address in a text, whether or not it would become a link. */
interface Address {
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
function addressesIn(text: string): Address[] {
  if (!/[.。．｡․‧∙⋅•]|dot|d0t|точк|тчк/iu.test(text)) return [];
  const found: Address[] = [];
  for (const { 0: chunk, index } of text.matchAll(/[^\s<>"'`«»„“”|*()[\]{},;\\]+/gu)) {
    const address = addressOf(chunk, index, index + chunk.length);
    if (address) found.push(address);
  }
  const shown = text.replace(invisible, "").replace(hiddenDot, ".").replace(dotLike, ".");
  if (shown === text) return found;
  const hosts = new Set(found.map((address) => address.host));
  for (const { 0: chunk } of shown.matchAll(/[^\s<>"'`«»„“”|*()[\]{},;\\]+/gu)) {
    const address = addressOf(chunk, 0, text.length);
    if (!address || hosts.has(address.host)) continue;
    hosts.add(address.host);
    found.push(address);
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

/** The domains of a rule, ready for hosts to be looked for among them, however many there are. */
export class DomainList {
  readonly #domains: ReadonlySet<string>;
  readonly #looks: ReadonlySet<string>;

  constructor(domains: readonly string[]) {
    this.#domains = new Set(domains);
    this.#looks = new Set(domains.map(lookOf));
  }

  get isEmpty(): boolean {
    return this.#domains.size === 0;
  }

  /** Whether the host is one of the domains or below one. */
  has(name: string): boolean {
    return isAmong(name, this.#domains);
  }

  /** Whether the host is or looks like one of the domains, or is below such a one. */
  looksLike(name: string): boolean {
    return this.has(name) || isAmong(lookOf(name), this.#looks);
  }
}

function lookOf(name: string): string {
  return latinOf(name).replaceAll("0", "o").replaceAll("1", "l");
}

function isAmong(name: string, domains: ReadonlySet<string>): boolean {
  for (let rest = name; ;) {
    if (domains.has(rest)) return true;
    const dot = rest.indexOf(".");
    if (dot < 0) return false;
    rest = rest.slice(dot + 1);
  }
}

/** What rules of links and invites look at in a text: found once for all of them, and only when one needs it. */
export class LinkedText {
  readonly #text: string;
  #addresses: readonly Address[] | undefined;
  #closed: readonly Address[] | undefined;
  #invites: readonly Address[] | undefined;
  #plain: string | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  get addresses(): readonly Address[] {
    return (this.#addresses ??= addressesIn(this.#text));
  }

  /** Those with a space at a dot too: `example .com`. */
  get closed(): readonly Address[] {
    return (this.#closed ??= closedAddresses(this.#text));
  }

  /** Those that are invites. */
  get invites(): readonly Address[] {
    return (this.#invites ??= this.addresses.filter(isInvite));
  }

  /** The text for looking for invites that are no address. */
  get plain(): string {
    return (this.#plain ??= latinOf(this.#text.replace(invisible, "").replace(hiddenDot, ".").replace(dotLike, ".")));
  }
}

function closedAddresses(text: string): Address[] {
  if (!/\s\.|\.\s/.test(text)) return [];
  return addressesIn(text.replace(invisible, "").replace(/\s{0,3}\.\s{0,3}/g, "."));
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
export function inviteIn(
  text: string,
  links: LinkedText,
  isAllowed: (address: string) => boolean,
): { start: number; end: number } | null {
  for (const address of links.invites) if (!isAllowed(address.rest.toLowerCase())) return address;
  if (!/[/\\|]/.test(text)) return null;
  const broken = brokenInvite.exec(links.plain);
  if (!broken || isAllowed(broken[0].toLowerCase().replace(/\s/g, ""))) return null;
  return { start: 0, end: text.length };
}
