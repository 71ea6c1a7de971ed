import { z } from "zod";
import { limits } from "./limits.ts";
import * as model from "./model.ts";

/** An id of a message, or an ISO 8601 date or time; a date begins in UTC. */
const moment = z
  .string()
  .max(40)
  .transform((text, context): { id?: number; time?: number } => {
    if (/^[1-9]\d{0,14}$/.test(text)) return { id: Number(text) };
    const time = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
    if (!Number.isNaN(time)) return { time };
    context.addIssue("must be an id of a message or a time in ISO 8601");
    return z.NEVER;
  });
export const attachedKind = z.enum(["file", "image", "video", "sound", "link"]);
export const searchSort = z.enum(["newest", "relevance"]);
export const searchQuery = z.object({
  /** Words in any form, beginnings of words, exact phrases in quotes. */
  q: z.string().max(limits.searchLength).default(""),
  server_id: z.coerce.number().pipe(model.id).optional(),
  channel_id: z.coerce.number().pipe(model.id).optional(),
  author_id: z.coerce.number().pipe(model.id).optional(),
  /** Id of a user who is mentioned. */
  mentions: z.coerce.number().pipe(model.id).optional(),
  /** Kinds separated by commas; the message has all of them. */
  has: z
    .string()
    .max(60)
    .transform((text) => text.split(",").filter(Boolean))
    .pipe(z.array(attachedKind))
    .optional(),
  /** Only pinned messages. */
  pinned: z.literal("true").optional(),
  before: moment.optional(),
  after: moment.optional(),
  sort: searchSort.default("newest"),
  limit: z.coerce.number().int().min(1).max(limits.pageSize).default(limits.searchPageSize),
  cursor: z.string().max(60).optional(),
});
export const searchHit = z.object({
  message: model.message,
  channel_id: model.id,
  /** Null in a private channel. */
  server_id: model.id.nullable(),
  /** Where the query is found in `message.content`, in UTF-16 code units, in order. */
  highlights: z.array(z.object({ start: z.number().int(), end: z.number().int() })),
  /** The same in `message.forwarded.content`, where it is found there. */
  forwarded_highlights: z.array(z.object({ start: z.number().int(), end: z.number().int() })).optional(),
});
export const searchResult = z.object({
  hits: z.array(searchHit),
  /** Asks for the next page; null when there is none. A page may have few hits, or none, and a next one all the same. */
  cursor: z.string().nullable(),
  /** Older messages are not in the index yet. */
  indexing: z.boolean(),
  /** What was searched for instead, when the query found nothing and was typed in the other keyboard layout. */
  corrected: z.string().nullable(),
});

export type AttachedKind = z.infer<typeof attachedKind>;
export type SearchSort = z.infer<typeof searchSort>;
export type SearchQuery = z.infer<typeof searchQuery>;
export type SearchHit = z.infer<typeof searchHit>;
export type SearchResult = z.infer<typeof searchResult>;
