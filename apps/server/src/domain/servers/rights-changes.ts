import type { Member } from "@miscord/protocol";
import type { RightsChanged } from "../../bus/contract.ts";
import type { RestrictionChange } from "../../store/queries/roles.ts";
import type { DomainContext } from "../context.ts";
import { publish, sendControl } from "../publish.ts";

/**
 * Makes every node compare what its connections see with what they may see now, after a transaction that changed
 * rights: `gateway/rights/rights-watch.ts`.
 */
export function announceRights(
  context: Pick<DomainContext, "bus">,
  serverId: number,
  { hidden, opened }: RestrictionChange,
  {
    userIds = null,
    overridden = [],
    updated = [],
  }: Partial<Pick<RightsChanged, "userIds" | "overridden" | "updated">> = {},
): void {
  sendControl(context, "rights", { type: "rights_changed", serverId, userIds, hidden, opened, overridden, updated });
}

/** Announces what has changed of a member in a server, rights included. */
export function announceMember(context: Pick<DomainContext, "bus">, serverId: number, member: Announced): void {
  const { id } = member;
  announceName(context, serverId, member);
  publish(context, `user:${id}`, { type: "permissions_changed", server_id: serverId });
  announceRights(context, serverId, { hidden: [], opened: [] }, { userIds: [id] });
}

type Announced = Pick<Member, "id" | "role_ids" | "timed_out_until" | "nickname">;

/** Announces what has changed of a member in a server, when it concerns no rights. */
export function announceName(
  context: Pick<DomainContext, "bus">,
  serverId: number,
  { id, role_ids, timed_out_until, nickname }: Announced,
): void {
  publish(context, `server:${serverId}`, {
    type: "member_updated",
    server_id: serverId,
    user_id: id,
    role_ids,
    timed_out_until,
    nickname,
  });
}
