import { setImmediate } from "node:timers/promises";
import { embedLimits } from "@miscord/protocol";
import { cleanName } from "@miscord/text";
import type { LinkFacts, LinkReader, MayCall } from "../domain/ports.ts";
import type { Page, PublicPages } from "../outgoing/public-pages.ts";
import { decoderOf } from "./charset.ts";
import type { PageWords } from "./page-head.ts";

/** For a page and its picture together. */
const usualTimeoutMs = 5_000;
const pictureTypes = { "image/": 4_194_304 };
const readableTypes = { "text/html": 524_288, "application/xhtml+xml": 524_288, ...pictureTypes };
/** The parser works on so much without a break: some milliseconds at most, whatever the page holds. */
const pieceBytes = 16_384;
const maxDescription = 350;
const maxSite = 60;
const maxHost = 160;
/** Of a text as the page has it: more is not looked at. */
const maxRead = 4_096;
/** Of a picture: thousands of marks in the name of a host are put in order by comparing them with each other. */
const maxAddress = 4_096;

/** Reads pages through the guard of `PublicPages`. A page's picture is read from where it says, through the same guard. */
export function createLinkReader(pages: PublicPages, timeoutMs = usualTimeoutMs): LinkReader {
  return {
    async read(address, mayCall) {
      const call = { mayCall, signal: AbortSignal.timeout(timeoutMs) };
      try {
        const page = await pages.open(address, { ...call, maxBytes: readableTypes });
        if (isPicture(page)) return factsOf(page, null, await whole(page));
        const words = await wordsOf(page);
        return factsOf(page, words, await pictureOf(pages, page, words, call).catch(() => null));
      } catch {
        return null;
      }
    },
    async readPicture(address, mayCall) {
      const call = { mayCall, signal: AbortSignal.timeout(timeoutMs) };
      try {
        return await whole(await pages.open(address, { ...call, maxBytes: pictureTypes }));
      } catch {
        return null;
      }
    },
  };
}

interface Call {
  mayCall: MayCall;
  signal: AbortSignal;
}

function isPicture({ contentType }: Page): boolean {
  return contentType.toLowerCase().startsWith("image/");
}

/** Rejects for one that is longer than may be. */
async function whole(page: Page): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of page.body) chunks.push(chunk);
  if (page.isCut()) throw new Error("the picture is too long");
  return Buffer.concat(chunks);
}

/** Of a page that is longer than may be, the beginning counts: its head is there. */
async function wordsOf({ contentType, body }: Page): Promise<PageWords> {
  // Loaded with the first page: the parser of HTML takes a megabyte.
  const { HeadReader } = await import("./page-head.ts");
  const head = new HeadReader();
  let decoder: TextDecoder | null = null;
  for await (const chunk of body) {
    decoder ??= decoderOf(contentType, chunk);
    for (let from = 0; from < chunk.byteLength; from += pieceBytes) {
      if (from > 0) await setImmediate();
      head.write(decoder.decode(chunk.subarray(from, from + pieceBytes), { stream: true }));
    }
    if (head.isDone) break;
  }
  return head.words();
}

async function pictureOf(pages: PublicPages, page: Page, { picture }: PageWords, call: Call): Promise<Buffer | null> {
  const url = picture === "" || picture.length > maxAddress ? null : URL.parse(picture, page.url);
  return url && whole(await pages.open(url.href, { ...call, maxBytes: pictureTypes }));
}

function factsOf({ url }: Page, words: PageWords | null, picture: Buffer | null): LinkFacts | null {
  const title = plain(words?.title ?? "", embedLimits.title);
  const description = plain(words?.description ?? "", maxDescription);
  if (title === "" && description === "" && !picture) return null;
  const site = plain(words?.site ?? "", maxSite);
  const host = shortened(url.host.replace(/^www\./, ""));
  // The host is always there: what a site calls itself may be any name.
  return { title, description, site: site === "" || site === host ? host : `${site} · ${host}`, picture };
}

/** The end of a host says whose it is. */
function shortened(host: string): string {
  return host.length <= maxHost ? host : `…${host.slice(-maxHost)}`;
}

/** Made when the first text is cut: it loads tables of Unicode. */
let characters: Intl.Segmenter | undefined;

/** On one line, without what is invisible or would change the direction of what follows, and cut between characters. */
function plain(text: string, length: number): string {
  const read = text.slice(0, maxRead).toWellFormed();
  const whole = cleanName(read.replace(/[\p{Cc}\s]+/gu, " ")).trim();
  if (whole.length <= length) return whole;
  characters ??= new Intl.Segmenter(undefined, { granularity: "grapheme" });
  const window = whole.slice(0, length + 64);
  const end = characters.segment(window).containing(length - 1)?.index ?? length - 1;
  return `${window.slice(0, end > length - 64 ? end : length - 1).trimEnd()}…`.toWellFormed();
}
