import type { Locale } from "@miscord/protocol";
import type { GifPage } from "../domain/ports.ts";

export interface GifQuery {
  query: string;
  next: string | null;
  locale: Locale;
}

/** What services differ in. */
export interface ServiceApi {
  readonly id: string;
  readonly name: string;
  /** Beginning of the addresses of its API. */
  readonly url: string;
  /** The path of the call, and its query, which holds the key. */
  call(asked: GifQuery, key: string): { path: string; query: Record<string, string> };
  /** Throws when the answer has another form. A GIF without an address that is needed is left out. */
  read(answer: unknown, asked: GifQuery): GifPage;
}

/** GIFs of one answer. */
export const pageSize = 24;
