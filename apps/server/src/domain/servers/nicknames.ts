import { checkNickname } from "@miscord/rights";
import { foldName } from "@miscord/text";
import type { Kysely } from "kysely";
import { AppError } from "../../errors.ts";
import { changesOf, recordAction } from "../../store/queries/audit-log.ts";
import { memberOf, rankOf, setNickname } from "../../store/queries/members.ts";
import type { Tables } from "../../store/schema.ts";
import { requireAllowed, requireStill } from "../access.ts";
import type { Actor, DomainContext } from "../context.ts";
import { requireAllowedName } from "./allowed-name.ts";
import { announceName } from "./rights-changes.ts";

export interface NicknameInput {
  serverId: number;
  userId: number;
  /** Cleaned as display names are; null: none. */
  nickname: string | null;
  reason?: string | undefined;
}

/**
 * Sets the name that a member has in the server instead of the display name. It ends with the membership. Throws `not_found`,
 * `forbidden`, `automod_blocked` or `rate_limited`.
 */
export async function changeNickname(
  context: Pick<DomainContext, "store" | "bus" | "clock" | "rates" | "automod">,
  actor: Actor,
  { serverId, userId, nickname, reason }: NicknameInput,
): Promise<void> {
  const { store, clock, rates } = context;
  await rates.changes.spend(actor.userId);
  await requireMayName(context, store.db, actor, { serverId, userId });
  if (nickname !== null) await requireAllowedName(context, actor, { name: nickname, serverId });
  const changed = await store.db.transaction().execute(async (db) => {
    await requireMayName(context, db, actor, { serverId, userId });
    const before = await memberOf(db, serverId, userId);
    if (!before) throw new AppError("not_found", "They are not a member.");
    const changes = changesOf({ nickname: before.nickname }, { nickname });
    if (changes.length === 0) return false;
    await setNickname(db, serverId, userId, nickname, nickname && foldName(nickname));
    const record = { serverId, actorId: actor.userId, action: "member_nickname_update", userId, reason } as const;
    await recordAction(db, { ...record, at: clock.now(), changes });
    return true;
  });
  const member = changed && (await memberOf(store.db, serverId, userId));
  if (member) announceName(context, serverId, member);
}

/** Asked before the name is looked at, and once more when it is set. */
async function requireMayName(
  context: Pick<DomainContext, "clock">,
  db: Kysely<Tables>,
  actor: Actor,
  { serverId, userId }: { serverId: number; userId: number },
): Promise<void> {
  const access = await requireStill(context, db, actor, { serverId, permission: "viewServer" });
  const target = { userId, position: await rankOf(db, serverId, userId) };
  requireAllowed(checkNickname(access, target), "server");
}
