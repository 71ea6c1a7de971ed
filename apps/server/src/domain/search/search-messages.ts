import type { SearchHit, SearchQuery, SearchResult } from "@miscord/protocol";
import { KeyedSemaphore } from "../../concurrency/keyed-semaphore.ts";
import { Turns } from "../../concurrency/turns.ts";
import { AppError } from "../../errors.ts";
import { attachedTo, terms, textsOf, type Attached } from "../../search/document.ts";
import { inOtherLayout } from "../../search/keyboard.ts";
import { clausesOf, isEmpty, matchText, parseQuery, type Match, type TextQuery } from "../../search/query.ts";
import { candidates, hits, pinnedIds } from "../../store/queries/search-hits.ts";
import { searchIndex } from "../../store/search/open-index.ts";
import type { SearchIndex, Term } from "../../store/search/search-index.ts";
import { readState } from "../../store/search/state.ts";
import type { Actor, DomainContext } from "../context.ts";
import { readCursor, writeCursor, type Cursor } from "./cursor.ts";
import { indexEpochOf } from "./index-epoch.ts";
import { exactly, scopeOf, type Scope } from "./scope.ts";
import { idsBetween, type TimeBounds } from "./time-bounds.ts";

type Context = Pick<DomainContext, "store" | "clock" | "rates">;

/**
 * Messages that are compared for one request, at most; then it answers with what it has, and a cursor. Each round asks the
 * index again, which costs as much as comparing hundreds.
 */
const compared = { first: 40, times: 6, most: 1_200, rounds: 3 };
/** The best are chosen from so many of the newest matches. */
const rankedAtOnce = 500;
/** Milliseconds after which other work has its turn while messages are compared, which may be long ones. */
const turnMs = 4;
/** One search of each user at a time: twelve hundred of the longest messages take a second. */
const searching = new KeyedSemaphore<number>(1);

/** What is looked for, the same for every page. The channels are those at the beginning; `present` asks again. */
interface Search extends Omit<Scope, "clauses"> {
  readonly find: SearchIndex["find"];
  readonly query: SearchQuery;
  readonly text: TextQuery;
  readonly clauses: readonly (readonly Term[])[];
  readonly bounds: TimeBounds;
}

interface Found {
  readonly id: number;
  readonly match: Match;
}

/** Of the highest ranks first; of one rank the newest. */
const rankOf = ({ match }: Found) => Math.round(match.score * 1e6);

interface Compared {
  readonly found: readonly Found[];
  /** Ids of what was compared and the user may see, the newest first: of other messages a cursor tells nothing. */
  readonly seen: readonly number[];
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
  return searching.run(actor.userId, () => search(context, actor, query));
}

async function search(context: Context, actor: Actor, query: SearchQuery): Promise<SearchResult> {
  const { store } = context;
  const text = parseQuery(query.q);
  const scope = await scopeOf(context, actor, query);
  const filters = filtersOf(query);
  if (isEmpty(text) && filters.length === 0 && query.channel_id === undefined && !query.pinned)
    throw new AppError("invalid_request", "A search needs a word or a filter.");
  const { remainingBelow } = await readState(store.search, indexEpochOf(store));
  const indexing = remainingBelow !== 0;
  if (scope === null) return { hits: [], cursor: null, indexing, corrected: null };
  const { find } = query.pinned ? pinsOf(store, scope) : searchIndex(store.search, store.dialect);
  const bounds = await idsBetween(store.search, query);
  const searched = (sought: TextQuery) => {
    const clauses = [...clausesOf(sought), ...filters, ...scope.clauses];
    return page(context, {
      ...scope,
      isExact: scope.isExact || query.pinned !== undefined,
      find,
      query,
      bounds,
      text: sought,
      clauses,
    });
  };

  const result = await searched(text);
  if (result.found.length > 0 || result.next !== null || query.cursor !== undefined)
    return { ...(await present(context, actor, result)), indexing, corrected: null };
  const slip = inOtherLayout(query.q);
  const corrected = slip === null ? null : parseQuery(slip);
  if (corrected === null || isEmpty(corrected)) return { hits: [], cursor: null, indexing, corrected: null };
  const other = await present(context, actor, await searched(corrected));
  return { ...other, indexing, corrected: other.hits.length > 0 ? slip : null };
}

/**
 * In place of the index: the pinned messages themselves, which are few, and which are compared with the words anyway. So a
 * pin is found, and one that was taken away is not, at once.
 */
function pinsOf({ search }: Context["store"], { visible }: Scope): Pick<SearchIndex, "find"> {
  return { find: (query) => pinnedIds(search, [...visible], query) };
}

function filtersOf({ author_id: author, mentions, has = [] }: SearchQuery): Term[][] {
  const wanted = has.map((kind) => terms.has(kind));
  if (author !== undefined) wanted.push(terms.author(author));
  if (mentions !== undefined) wanted.push(terms.mention(mentions));
  return wanted.map((term) => [exactly(term)]);
}

function page(context: Context, search: Search): Promise<Page> {
  const { bounds, query } = search;
  const cursor = query.cursor === undefined ? { before: bounds.below } : readCursor(query.cursor);
  const from = { ...cursor, before: Math.min(cursor.before, bounds.below) };
  return query.sort === "relevance" ? best(context, search, from) : newest(context, search, from);
}

async function newest(context: Context, search: Search, { before }: Cursor): Promise<Page> {
  const { limit } = search.query;
  const found: Found[] = [];
  let below = before;
  let end: number | undefined;
  let atOnce = compared.first;
  for (let round = 0; round < compared.rounds; round += 1) {
    const ids = await search.find({ ...lookUp(search), before: below, limit: atOnce });
    const { found: more, seen } = await compare(context, search, ids);
    found.push(...more);
    below = ids.at(-1) ?? 0;
    end = search.isExact ? (seen.at(-1) ?? end) : found.at(-1)?.id;
    if (found.length > limit) break;
    if (ids.length < atOnce && search.isExact) return { found, next: null };
    if (ids.length < atOnce) break;
    atOnce = Math.min(atOnce * compared.times, compared.most);
  }
  if (found.length <= limit) return { found, next: end === undefined ? null : { before: end } };
  const shown = found.slice(0, limit);
  return { found: shown, next: { before: shown.at(-1)?.id ?? 0 } };
}

/**
 * The best of the newest matches; once all of those are shown, of the ones before. Which those are stays the same from
 * page to page, so that what is written or deleted meanwhile neither repeats nor skips any.
 */
async function best(context: Context, search: Search, { before, ranked }: Cursor): Promise<Page> {
  const { limit } = search.query;
  const from = Math.max(search.bounds.from, ranked?.from ?? 0);
  const ids = await search.find({ ...lookUp(search), from, before, limit: rankedAtOnce });
  const { found, seen } = await compare(context, search, ids);
  const left = found
    .toSorted((a, b) => rankOf(b) - rankOf(a) || b.id - a.id)
    .filter((one) => !ranked || rankOf(one) < ranked.rank || (rankOf(one) === ranked.rank && one.id < ranked.id));
  const shown = left.slice(0, limit);
  const shaping = search.isExact ? seen : found.map(({ id }) => id);
  const isLast = search.isExact && ids.length < rankedAtOnce;
  const first = ranked?.from ?? (isLast ? 0 : (shaping.at(-1) ?? 0));
  const last = shown.at(-1);
  if (last === undefined || left.length <= limit) return { found: shown, next: first === 0 ? null : { before: first } };
  const place = { from: first, rank: rankOf(last), id: last.id };
  return { found: shown, next: { before: ranked ? before : (shaping[0] ?? 0) + 1, ranked: place } };
}

function lookUp({ clauses, without, bounds }: Search) {
  return { clauses, without, from: bounds.from };
}

/** Those that the user may see, and of them those that match when their text is read, the newest first. */
async function compare({ store }: Context, search: Search, ids: readonly number[]): Promise<Compared> {
  if (ids.length === 0) return { found: [], seen: [] };
  const { notBefore, notAfter } = search.bounds;
  const { author_id: author, mentions, has = [] } = search.query;
  // The index names messages that do not fit, too: on PostgreSQL two terms may share a character.
  const rows = (await candidates(store.search, ids, mentions))
    .filter(({ channel_id: id, parent_id: parentId }) => search.visible.has(id) || search.visible.has(parentId ?? id))
    .toSorted((a, b) => b.id - a.id);
  const wanted = rows
    .filter(({ created_at: at }) => at >= notBefore && at < notAfter)
    .filter((row) => author === undefined || row.author_id === author);
  const found: Found[] = [];
  const turns = new Turns(turnMs);
  for (const row of wanted) {
    // The words first: whether there is a link takes reading the text as it is drawn, some ten times as long.
    const match = matchText(search.text, textsOf(row));
    if (match !== null && hasAll(row, has)) found.push({ id: row.id, match });
    await turns.pause();
  }
  return { found, seen: rows.map(({ id }) => id) };
}

function hasAll(message: Parameters<typeof attachedTo>[0], kinds: readonly Attached[]): boolean {
  return kinds.length === 0 || new Set(kinds).isSubsetOf(attachedTo(message));
}

/** Reads the messages, and the right to see them, once more. */
async function present({ store }: Context, { userId }: Actor, { found, next }: Page) {
  const ids = found.map(({ id }) => id);
  const messages = ids.length === 0 ? new Map<number, never>() : await hits(store.search, userId, ids);
  const shown = found.flatMap(({ id, match }): SearchHit[] => {
    const message = messages.get(id);
    if (message === undefined) return [];
    const { channel_id, server_id } = message;
    const [highlights = [], forwarded = []] = match.ranges.map((ranges) =>
      ranges.map(({ start, end }) => ({ start, end })),
    );
    const beside = message.forwarded && forwarded.length > 0 ? { forwarded_highlights: forwarded } : {};
    return [{ message, channel_id, server_id, highlights, ...beside }];
  });
  return { hits: shown, cursor: next && writeCursor(next) };
}
