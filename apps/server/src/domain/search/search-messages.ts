import type { SearchHit, SearchQuery, SearchResult } from "@miscord/protocol";
import { AppError } from "../../errors.ts";
import { terms } from "../../search/document.ts";
import { inOtherLayout } from "../../search/keyboard.ts";
import { clausesOf, isEmpty, matchText, parseQuery, type Match, type TextQuery } from "../../search/query.ts";
import {
  candidates,
  countChannels,
  hiddenChannels,
  hits,
  searchableChannels,
} from "../../store/queries/search-hits.ts";
import { searchIndex } from "../../store/search/open-index.ts";
import type { SearchIndex, Term } from "../../store/search/search-index.ts";
import { readState } from "../../store/search/state.ts";
import { channelAccess } from "../access.ts";
import type { Actor, DomainContext } from "../context.ts";
import { readCursor, writeCursor, type Cursor } from "./cursor.ts";
import { indexEpochOf } from "./index-epoch.ts";
import { idsBetween, type TimeBounds } from "./time-bounds.ts";

type Context = Pick<DomainContext, "store" | "clock" | "rates">;

/**
 * With more, the right to see them is compared message by message only: each term costs a look into the index. Cursors
 * are then made of messages that were found only, so that they tell nothing of others; a search may end early.
 */
const scopeTerms = 32;
/** Messages that are compared for one request, at most; then it answers with what it has, and a cursor. */
const compared = { first: 40, times: 2, most: 320, rounds: 7 };
/** The best are chosen from so many of the newest matches. */
const rankedAtOnce = 500;

/** What is looked for, the same for every page. */
interface Search {
  readonly index: SearchIndex;
  /** Ids of channels, for what is in their threads too, when the search began; `present` asks again. */
  readonly visible: ReadonlySet<number>;
  readonly text: TextQuery;
  readonly clauses: readonly (readonly Term[])[];
  /** The index finds nothing that the user does not see. */
  readonly isExact: boolean;
  readonly without: readonly string[];
  readonly bounds: TimeBounds;
}

interface Found {
  readonly id: number;
  readonly match: Match;
}

interface Page {
  readonly found: readonly Found[];
  readonly next: Cursor | null;
}

/**
 * The messages that match, of channels that the actor may see. Throws `rate_limited`, `not_found` for a channel or server
 * that the actor cannot see, and `invalid_request` for a query without a word or a filter.
 */
export async function searchMessages(context: Context, actor: Actor, query: SearchQuery): Promise<SearchResult> {
  const spent = context.rates.searches.spend(actor.userId);
  if (spent) await spent;
  const { store } = context;
  const text = parseQuery(query.q);
  const scope = await scopeOf(context, actor, query);
  const filters = filtersOf(query);
  if (isEmpty(text) && filters.length === 0 && query.channel_id === undefined)
    throw new AppError("invalid_request", "A search needs a word or a filter.");
  const { remainingBelow } = await readState(store.search, indexEpochOf(store));
  const indexing = remainingBelow !== 0;
  if (scope === null) return { hits: [], cursor: null, indexing, corrected: null };
  const index = searchIndex(store.search, store.dialect);
  const bounds = await idsBetween(store.search, query);
  const { visible, without, isExact } = scope;
  const base = { index, visible, bounds, without, isExact };
  const searched = (sought: TextQuery) =>
    page(context, { ...base, text: sought, clauses: [...clausesOf(sought), ...filters, ...scope.clauses] }, query);

  const result = await searched(text);
  if (result.found.length > 0 || result.next !== null || query.cursor !== undefined)
    return { ...(await present(context, actor, result)), indexing, corrected: null };
  const slip = inOtherLayout(query.q);
  const corrected = slip === null ? null : parseQuery(slip);
  if (corrected === null || isEmpty(corrected)) return { hits: [], cursor: null, indexing, corrected: null };
  const other = await present(context, actor, await searched(corrected));
  return { ...other, indexing, corrected: other.hits.length > 0 ? slip : null };
}

/** Where a search looks: what must be in a document, and what must not. */
interface Scope {
  readonly clauses: Term[][];
  readonly without: string[];
  readonly visible: ReadonlySet<number>;
  readonly isExact: boolean;
}

/** Null when the actor sees nothing there. */
async function scopeOf(context: Context, actor: Actor, query: SearchQuery): Promise<Scope | null> {
  const { channel_id: channelId, server_id: serverId } = query;
  const { search } = context.store;
  if (channelId !== undefined) {
    await channelAccess(context, actor, channelId);
    return {
      clauses: [[exactly(terms.channel(channelId))]],
      without: [],
      visible: new Set([channelId]),
      isExact: true,
    };
  }
  const channels = await searchableChannels(search, actor.userId, serverId);
  if (channels.length === 0 && serverId !== undefined) throw new AppError("not_found", "There is no such server.");
  if (channels.length === 0) return null;
  const visible = new Set(channels.map(({ id }) => id));
  if (channels.length <= scopeTerms)
    return { clauses: [channels.map(({ id }) => exactly(terms.channel(id)))], without: [], visible, isExact: true };
  if (serverId === undefined && channels.length === (await countChannels(search)))
    return { clauses: [], without: [], visible, isExact: true };
  const servers = [...new Set(channels.map(({ server_id }) => server_id))];
  const hidden = await hiddenChannels(search, actor.userId, servers);
  return {
    clauses: servers.length <= scopeTerms ? [servers.map((id) => exactly(terms.server(id)))] : [],
    without: hidden.length <= scopeTerms ? hidden.map(terms.channel) : [],
    visible,
    isExact: servers.length <= scopeTerms && hidden.length <= scopeTerms,
  };
}

function filtersOf({ author_id: author, mentions, has = [] }: SearchQuery): Term[][] {
  const wanted = has.map((kind) => terms.has(kind));
  if (author !== undefined) wanted.push(terms.author(author));
  if (mentions !== undefined) wanted.push(terms.mention(mentions));
  return wanted.map((term) => [exactly(term)]);
}

function exactly(term: string): Term {
  return { term, isPrefix: false };
}

function page(context: Context, search: Search, query: SearchQuery): Promise<Page> {
  const cursor = query.cursor === undefined ? { before: search.bounds.below, skip: 0 } : readCursor(query.cursor);
  const from = { ...cursor, before: Math.min(cursor.before, search.bounds.below) };
  const read = query.sort === "relevance" ? best : newest;
  return read(context, search, { ...from, limit: query.limit });
}

type From = Cursor & { limit: number };

async function newest(context: Context, search: Search, { before, limit }: From): Promise<Page> {
  const found: Found[] = [];
  let below = before;
  let atOnce = compared.first;
  for (let round = 0; round < compared.rounds; round += 1) {
    const ids = await search.index.find({ ...lookUp(search), before: below, limit: atOnce });
    found.push(...(await matching(context, search, ids)));
    below = ids.at(-1) ?? 0;
    if (found.length > limit) break;
    if (ids.length < atOnce && search.isExact) return { found, next: null };
    if (ids.length < atOnce) break;
    atOnce = Math.min(atOnce * compared.times, compared.most);
  }
  if (found.length <= limit) {
    const end = search.isExact ? below : found.at(-1)?.id;
    return { found, next: end === undefined ? null : { before: end, skip: 0 } };
  }
  const shown = found.slice(0, limit);
  return { found: shown, next: { before: shown.at(-1)?.id ?? 0, skip: 0 } };
}

/** The best of the newest matches; once all of those are shown, of the ones before. */
async function best(context: Context, search: Search, { before, skip, limit }: From): Promise<Page> {
  const ids = await search.index.find({ ...lookUp(search), before, limit: rankedAtOnce });
  const found = await matching(context, search, ids);
  const ranked = found.toSorted((a, b) => b.match.score - a.match.score || b.id - a.id);
  const shown = ranked.slice(skip, skip + limit);
  // Those that the user does not see shape no cursor.
  const shaping = search.isExact ? ids : found.map(({ id }) => id);
  const last = shaping.at(-1);
  // From the newest of these, so that messages sent meanwhile move nothing.
  if (skip + limit < ranked.length)
    return { found: shown, next: { before: (shaping[0] ?? 0) + 1, skip: skip + limit } };
  const isEnd = (search.isExact && ids.length < rankedAtOnce) || last === undefined;
  return { found: shown, next: isEnd ? null : { before: last, skip: 0 } };
}

function lookUp({ clauses, without, bounds }: Search) {
  return { clauses, without, from: bounds.from };
}

/** Those that the user may see and that match when their text is read, the newest first. */
async function matching({ store }: Context, search: Search, ids: readonly number[]): Promise<Found[]> {
  if (ids.length === 0) return [];
  const { notBefore, notAfter } = search.bounds;
  const rows = await candidates(store.search, ids);
  return rows
    .filter(({ created_at: at }) => at >= notBefore && at < notAfter)
    .filter(({ channel_id: id, parent_id: parentId }) => search.visible.has(id) || search.visible.has(parentId ?? id))
    .flatMap(({ id, content, filenames }) => {
      const match = matchText(search.text, content, filenames);
      return match === null ? [] : [{ id, match }];
    })
    .toSorted((a, b) => b.id - a.id);
}

/** Reads the messages, and the right to see them, once more. */
async function present({ store }: Context, { userId }: Actor, { found, next }: Page) {
  const ids = found.map(({ id }) => id);
  const messages = ids.length === 0 ? new Map<number, never>() : await hits(store.search, userId, ids);
  const shown = found.flatMap(({ id, match }): SearchHit[] => {
    const message = messages.get(id);
    if (message === undefined) return [];
    const { channel_id, server_id } = message;
    return [{ message, channel_id, server_id, highlights: match.ranges.map(({ start, end }) => ({ start, end })) }];
  });
  return { hits: shown, cursor: next && writeCursor(next) };
}
