import type { Clock } from "../clock.ts";
import { Semaphore } from "../concurrency/semaphore.ts";
import { AppError } from "../errors.ts";
import { maxGifBytes } from "../domain/gifs/encode-gif.ts";
import type { GifPage, GifProvider } from "../domain/ports.ts";
import type { PublicPages } from "../outgoing/public-pages.ts";
import { RecentAnswers } from "./recent-answers.ts";
import type { GifQuery, ServiceApi } from "./service-api.ts";

interface Options {
  pages: PublicPages;
  clock: Clock;
  key: string;
  url: string | undefined;
  onFault: (fault: string) => void;
}

const timeoutMs = 6_000;
const answerTypes = { "application/json": 2 * 1024 * 1024 };
const pictureTypes = { "image/": maxGifBytes };
const answersKept = { ms: 10 * 60_000, count: 300 };
/** Small pictures of some searches: many people look for the same. Longer ones are not kept. */
const picturesKept = { ms: 10 * 60_000, count: 200, bytes: 256 * 1024 };
/** On this node, whoever asks: a page of results asks for two dozen, and somebody with many pages for hundreds. */
const picturesRead = { atOnce: 24, waiting: 240 };

/**
 * Calls a service through the guard of `PublicPages`: for its answers, and for the pictures that these name, which may lie anywhere in
 * the public internet. What was asked lately is answered from memory.
 */
export function createGifService(api: ServiceApi, { pages, clock, key, url, onFault }: Options): GifProvider {
  const answers = new RecentAnswers<GifPage>(clock, answersKept);
  const pictures = new RecentAnswers<Buffer>(clock, picturesKept);
  const reading = new Semaphore(picturesRead.atOnce);

  async function pictureAt(address: string): Promise<Buffer> {
    if (reading.waitingCount >= picturesRead.waiting) {
      throw new AppError("unavailable", "Too many GIFs at once.", { retryAfterMs: 5_000 });
    }
    return reading.run(() => fetched(address, pictureTypes));
  }

  async function fetched(address: string, maxBytes: Record<string, number>): Promise<Buffer> {
    try {
      const call = { maxBytes, mayCall: async () => true, signal: AbortSignal.timeout(timeoutMs) };
      const page = await pages.open(address, call);
      const chunks: Buffer[] = [];
      for await (const chunk of page.body) chunks.push(chunk);
      if (page.isCut()) throw new Error("the answer is too long");
      return Buffer.concat(chunks);
    } catch (error) {
      throw failed(error);
    }
  }

  /** The error's own text may hold the address, and with it the key. */
  function failed(error: unknown): AppError {
    const fault = error instanceof Error ? error.message : String(error);
    onFault(fault.replaceAll(key, "…"));
    return new AppError("unavailable", `${api.name} does not answer.`, { retryAfterMs: 5_000 });
  }

  async function search(asked: GifQuery): Promise<GifPage> {
    const { path, query } = api.call(asked, key);
    const address = `${url ?? api.url}${path}?${new URLSearchParams(query).toString()}`;
    const bytes = await fetched(address, answerTypes);
    try {
      return api.read(JSON.parse(bytes.toString()), asked);
    } catch {
      throw failed(new Error("an answer in another form"));
    }
  }

  return {
    id: api.id,
    name: api.name,
    search: (asked) => answers.get(JSON.stringify(asked), () => search(asked)),
    read: (address) =>
      pictures.get(
        address,
        () => pictureAt(address),
        ({ length }) => length <= picturesKept.bytes,
      ),
  };
}
