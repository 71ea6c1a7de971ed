import type { SearchQuery } from "@miscord/protocol";
import { AppError } from "../../errors.ts";
import { terms } from "../../search/document.ts";
import {
  countChannels,
  hiddenChannels,
  ownPrivateChannels,
  searchableChannels,
} from "../../store/queries/search-hits.ts";
import type { Term } from "../../store/search/search-index.ts";
import { channelsWithSymbols } from "../../store/search/term-symbol.ts";
import { channelAccess } from "../access.ts";
import type { Actor, DomainContext } from "../context.ts";

/**
 * With more, the right to see them is compared message by message only: each term costs a look into the index. Cursors
 * are then made of messages that were found only, so that they tell nothing of others; a search may end early.
 */
const scopeTerms = 32;

/** Where a search looks: what must be in a document, and what must not. */
export interface Scope {
  readonly clauses: Term[][];
  readonly without: string[];
  /** Ids of channels. */
  readonly visible: ReadonlySet<number>;
  /** All that the user sees is looked for, and, but for terms that share a symbol, nothing else is found. */
  readonly isExact: boolean;
}

/**
 * One channel, one server, or everything that the actor sees, private channels too. Null when the actor sees nothing
 * there. Throws `not_found`.
 */
export async function scopeOf(
  context: Pick<DomainContext, "store" | "clock">,
  actor: Actor,
  { channel_id: channelId, server_id: serverId }: SearchQuery,
): Promise<Scope | null> {
  const { search } = context.store;
  if (channelId !== undefined) {
    await channelAccess(context, actor, channelId);
    return scopeWith([terms.channel(channelId)], new Set([channelId]));
  }
  const channels = await searchableChannels(search, actor.userId, serverId);
  if (channels.length === 0 && serverId !== undefined) throw new AppError("not_found", "There is no such server.");
  const own = serverId === undefined ? await ownPrivateChannels(search, actor.userId) : [];
  if (channels.length + own.length === 0) return null;
  const visible = new Set([...channels, ...own].map(({ id }) => id));
  const groups = own.flatMap(({ id, type }) => (type === "group" ? [terms.channel(id)] : []));
  const priv = own.length > groups.length ? [terms.person(actor.userId), ...groups] : groups;
  if (channels.length + priv.length <= scopeTerms)
    return scopeWith([...channels.map(({ id }) => terms.channel(id)), ...priv], visible);
  if (serverId === undefined && channels.length === (await countChannels(search)))
    return scopeWith([terms.servers, ...priv], visible);
  const servers = [...new Set(channels.map(({ server_id }) => server_id))];
  const hidden = await hiddenChannels(search, actor.userId, servers);
  const isNamed = servers.length <= scopeTerms;
  const scope = scopeWith([...(isNamed ? servers.map(terms.server) : [terms.servers]), ...priv], visible);
  // A channel without a symbol of its own shares one with messages that the user sees.
  const isTold = hidden.every((id) => id < channelsWithSymbols);
  if (hidden.length > scopeTerms || !isTold) return { ...scope, isExact: false };
  return { ...scope, without: hidden.map(terms.channel), isExact: scope.isExact && isNamed };
}

/** One of the terms, or, when they are too many, none of them. */
function scopeWith(alternatives: readonly string[], visible: ReadonlySet<number>): Scope {
  // Private ones are few, or the servers alone would be too many.
  const isExact = alternatives.length <= 2 * scopeTerms;
  return { clauses: isExact ? [alternatives.map(exactly)] : [], without: [], visible, isExact };
}

/** A term as it is, not as a beginning. */
export function exactly(term: string): Term {
  return { term, isPrefix: false };
}
