import { limits, type Member, type MemberListGroup, type MemberListPage, type MembersQuery } from "@miscord/protocol";
import {
  memberIdsByName,
  membersById,
  membersNamed,
  membersSince,
  rosterOf,
  type Roster,
} from "../../store/queries/members.ts";
import { chunks } from "../../chunks.ts";
import { Turns } from "../../concurrency/turns.ts";
import { serverAccess } from "../access.ts";
import type { Actor, DomainContext } from "../context.ts";
import type { Presence } from "../ports.ts";
import { SharedReads } from "./shared-reads.ts";

type Context = Pick<DomainContext, "store" | "clock" | "presence" | "rates">;
type Seen = Pick<Presence, "statusOf" | "seenOf">;
type Listed = { members: Member[]; list?: MemberListPage };

/** What is read for many who ask at once. */
export interface MemberReads {
  /** With the order of all members, which takes long enough to be made once for all pages that are asked for together. */
  readonly lists: SharedReads<MemberList>;
  /** All members of a server, as the JSON of an answer. */
  readonly all: SharedReads<string>;
}

export function createMemberReads(context: Context): MemberReads {
  return {
    lists: new SharedReads(
      async (serverId) => new MemberList(await rosterOf(context.store.db, serverId), context.presence),
    ),
    all: new SharedReads((serverId) => encodeAll(context, serverId)),
  };
}

const membersAtOnce = 250;
const turnMs = 4;

/** In parts, since those of a large server at once would keep everybody waiting. */
async function encodeAll({ store, presence }: Context, serverId: number): Promise<string> {
  const turns = new Turns(turnMs);
  const parts: string[] = [];
  for (const ids of chunks(await memberIdsByName(store.db, serverId), membersAtOnce)) {
    const byId = new Map((await membersById(store.db, serverId, ids)).map((member) => [member.id, member]));
    for (const id of ids) {
      const member = byId.get(id);
      // Without those who left meanwhile.
      if (member) parts.push(JSON.stringify({ ...member, ...presence.seenOf(id) }));
    }
    await turns.pause();
  }
  return `{"members":[${parts.join(",")}]}`;
}

/**
 * Members of the server with their statuses, for its members; see `membersQuery`. A query without fields is for all
 * members, and gives JSON. Throws `not_found`, or `rate_limited` for a search.
 */
export async function listMembers(
  context: Context,
  reads: MemberReads,
  actor: Actor,
  { serverId, query = {} }: { serverId: number; query?: MembersQuery },
): Promise<Listed | string> {
  await serverAccess(context, actor, serverId);
  const { db } = context.store;
  const { presence } = context;
  const withStatus = (members: readonly Omit<Member, "status">[]) =>
    members.map((member) => ({ ...member, ...presence.seenOf(member.id) }));
  if (query.page !== undefined) {
    const list = (await reads.lists.read(serverId)).page(query.page);
    const found = await membersById(
      db,
      serverId,
      list.rows.map(({ id }) => id),
    );
    return { members: withStatus(found), list };
  }
  if (query.ids) return { members: withStatus(await membersById(db, serverId, query.ids)) };
  if (query.query !== undefined) {
    await context.rates.searches.spend(actor.userId);
    return { members: withStatus(await membersNamed(db, serverId, query.query, limits.membersFound)) };
  }
  if (query.joined_since !== undefined) {
    const since = Date.parse(query.joined_since);
    return { members: withStatus(await membersSince(db, serverId, since, limits.bulkBan)) };
  }
  return reads.all.read(serverId);
}

/** A server's members in the order of its list at one moment; see `memberListPage`. */
export class MemberList {
  readonly #groups: readonly MemberListGroup[];
  readonly #ids: readonly number[];
  readonly #presence: Seen;

  constructor({ members, roleIds }: Roster, presence: Seen) {
    const groups = new Map<MemberListGroup["id"], number[]>(
      [...roleIds, "online" as const, "offline" as const].map((id) => [id, []]),
    );
    for (const { id, roleId } of members) {
      const group = presence.statusOf(id) === "offline" ? "offline" : groups.has(roleId) ? roleId : "online";
      groups.get(group)!.push(id);
    }
    const present = [...groups].filter(([, ids]) => ids.length > 0);
    this.#groups = present.map(([id, { length: count }]) => ({ id, count }));
    this.#ids = present.flatMap(([, ids]) => ids);
    this.#presence = presence;
  }

  page(page: number): MemberListPage {
    const start = page * limits.membersPage;
    const ids = this.#ids.slice(start, start + limits.membersPage);
    return { page, groups: [...this.#groups], rows: ids.map((id) => ({ id, ...this.#presence.seenOf(id) })) };
  }
}
