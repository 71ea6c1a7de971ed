import { limits, type Member, type MemberListGroup, type MemberListPage, type MembersQuery } from "@miscord/protocol";
import type { Status } from "@miscord/protocol";
import { membersById, membersNamed, membersOf, membersSince, type Roster } from "../../store/queries/members.ts";
import { serverAccess } from "../access.ts";
import type { Actor, DomainContext } from "../context.ts";
import type { Rosters } from "./rosters.ts";

type Context = Pick<DomainContext, "store" | "clock" | "presence"> & { readonly rosters: Rosters };
type StatusOf = (userId: number) => Status;

/** Members of the server with their statuses, for its members; see `membersQuery`. Throws `not_found`. */
export async function listMembers(
  context: Context,
  actor: Actor,
  serverId: number,
  query: MembersQuery = {},
): Promise<{ members: Member[]; list?: MemberListPage }> {
  await serverAccess(context, actor, serverId);
  const { db } = context.store;
  const statusOf: StatusOf = (userId) => context.presence.statusOf(userId);
  const withStatus = (members: readonly Omit<Member, "status">[]) =>
    members.map((member) => ({ ...member, status: statusOf(member.id) }));
  if (query.page !== undefined) {
    const list = new MemberList(await context.rosters.read(serverId), statusOf).page(query.page);
    const found = await membersById(
      db,
      serverId,
      list.rows.map(({ id }) => id),
    );
    return { members: withStatus(found), list };
  }
  if (query.ids) return { members: withStatus(await membersById(db, serverId, query.ids)) };
  if (query.query !== undefined)
    return { members: withStatus(await membersNamed(db, serverId, query.query, limits.membersFound)) };
  if (query.joined_since !== undefined) {
    const since = Date.parse(query.joined_since);
    return { members: withStatus(await membersSince(db, serverId, since, limits.bulkBan)) };
  }
  return { members: withStatus(await membersOf(db, serverId)) };
}

/** A server's members in the order of its list at one moment; see `memberListPage`. */
export class MemberList {
  readonly #groups: readonly MemberListGroup[];
  readonly #ids: readonly number[];
  readonly #statusOf: StatusOf;

  constructor({ members, roleIds }: Roster, statusOf: StatusOf) {
    const groups = new Map<MemberListGroup["id"], number[]>(
      [...roleIds, "online" as const, "offline" as const].map((id) => [id, []]),
    );
    for (const { id, roleId } of members) {
      const group = statusOf(id) === "offline" ? "offline" : groups.has(roleId) ? roleId : "online";
      groups.get(group)!.push(id);
    }
    const present = [...groups].filter(([, ids]) => ids.length > 0);
    this.#groups = present.map(([id, { length: count }]) => ({ id, count }));
    this.#ids = present.flatMap(([, ids]) => ids);
    this.#statusOf = statusOf;
  }

  page(page: number): MemberListPage {
    const start = page * limits.membersPage;
    const ids = this.#ids.slice(start, start + limits.membersPage);
    return { page, groups: [...this.#groups], rows: ids.map((id) => ({ id, status: this.#statusOf(id) })) };
  }
}
