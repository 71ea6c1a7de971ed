import { Parser } from "htmlparser2";

/** What a page says of itself; empty where it says nothing. */
export interface PageWords {
  title: string;
  description: string;
  site: string;
  /** As written: it may be relative, and anything. */
  picture: string;
}

/** The first of these that a page has counts. */
const names = {
  title: ["og:title", "twitter:title"],
  description: ["og:description", "twitter:description", "description"],
  site: ["og:site_name"],
  picture: ["og:image:secure_url", "og:image", "og:image:url", "twitter:image", "twitter:image:src"],
} as const;
const wanted: ReadonlySet<string> = new Set(Object.values(names).flat());

/** More tags than any head has. The parser's work for a closing tag grows with the open ones, so they have to be few. */
const maxTags = 2_000;
const maxTitle = 4_096;
const maxText = 16_384;

/** Reads the head of a page, given in pieces. Bounded in memory and, with the length of the page, in time. */
export class HeadReader {
  readonly #found = new Map<string, string>();
  readonly #parser: Parser;
  #title: string | null = null;
  #isInTitle = false;
  #tags = 0;
  #isDone = false;

  constructor() {
    this.#parser = new Parser({
      onopentag: (name, attributes) => this.#open(name, attributes),
      ontext: (text) => this.#text(text),
      onclosetag: (name) => this.#close(name),
    });
  }

  /** The head has ended; the rest of the page is not needed. */
  get isDone(): boolean {
    return this.#isDone;
  }

  write(text: string): void {
    if (!this.#isDone) this.#parser.write(text);
  }

  words(): PageWords {
    const first = (among: readonly string[]) => among.map((name) => this.#found.get(name)).find(Boolean) ?? "";
    return {
      title: first(names.title) || (this.#title ?? ""),
      description: first(names.description),
      site: first(names.site),
      picture: first(names.picture),
    };
  }

  #open(name: string, attributes: Record<string, string>): void {
    this.#tags += 1;
    if (name === "body" || this.#tags > maxTags) this.#end();
    if (this.#isDone) return;
    if (name === "title" && this.#title === null) {
      this.#title = "";
      this.#isInTitle = true;
    }
    if (name !== "meta") return;
    const key = (attributes["property"] ?? attributes["name"] ?? "").trim().toLowerCase();
    const content = attributes["content"];
    if (content && wanted.has(key) && !this.#found.has(key)) this.#found.set(key, content.slice(0, maxText));
  }

  #text(text: string): void {
    if (this.#isInTitle && this.#title!.length < maxTitle) this.#title += text.slice(0, maxTitle);
  }

  #close(name: string): void {
    if (name === "title") this.#isInTitle = false;
    if (name === "head") this.#end();
  }

  #end(): void {
    this.#isDone = true;
    // What is left of the piece is not read.
    this.#parser.pause();
  }
}
