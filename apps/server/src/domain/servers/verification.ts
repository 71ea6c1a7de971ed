import { limits, type Server, type Verification } from "@miscord/protocol";
import { heldBack } from "@miscord/rights";
import { AppError } from "../../errors.ts";
import { changesOf, recordAction } from "../../store/queries/audit-log.ts";
import { acceptRules as acceptStored, newcomerIn } from "../../store/queries/newcomers.ts";
import { serverById, setVerification } from "../../store/queries/servers.ts";
import { requireStill, serverAccess, serverCommand } from "../access.ts";
import type { Actor, DomainContext } from "../context.ts";
import { publish } from "../publish.ts";

type Context = Pick<DomainContext, "store" | "bus" | "clock" | "rates">;

const nothing: Verification = { account_minutes: 0, member_minutes: 0, rules: "" };

/** What the server asks of members before they write. Throws `not_found`, `forbidden` or `rate_limited`. */
export async function changeVerification(
  context: Context,
  actor: Actor,
  serverId: number,
  verification: Verification,
): Promise<Server> {
  const { store, clock } = context;
  await serverCommand(context, actor, serverId, "manageGuild");
  const server = await store.db.transaction().execute(async (db) => {
    await requireStill(context, db, actor, { serverId, permission: "manageGuild" });
    const before = await serverById(db, serverId);
    const changed = await setVerification(db, serverId, verification);
    const changes = changesOf(recorded(before?.verification ?? nothing), recorded(verification));
    const record = { serverId, actorId: actor.userId, action: "server_update", at: clock.now() } as const;
    if (changed && changes.length > 0) await recordAction(db, { ...record, changes });
    return changed;
  });
  if (!server) throw new AppError("not_found", "There is no such server.");
  publish(context, `server:${serverId}`, { type: "server_updated", server, actor_id: actor.userId });
  return server;
}

/** The beginning of the rules is enough for the audit log. */
function recorded({ rules, ...minutes }: Verification) {
  return { ...minutes, rules: rules.slice(0, limits.reasonLength) };
}

/** For what members write besides messages. Throws `verification_required` for those who may not write yet. */
export async function requireVerified(
  { store, clock }: Pick<Context, "store" | "clock">,
  { userId }: Actor,
  serverId: number,
): Promise<void> {
  const found = await newcomerIn(store.db, serverId, userId);
  if (!found) return;
  const { verify_account_minutes: accountMinutes, verify_member_minutes: memberMinutes, rules } = found;
  const newcomer = {
    accountSince: found.created_at,
    joinedAt: found.joined_at,
    hasAccepted: found.rules_accepted_at !== null,
    isExempt: userId === found.owner_id || found.is_admin === 1 || Number(found.roles) > 0,
  };
  const held = heldBack({ accountMinutes, memberMinutes, hasRules: rules !== null }, newcomer, clock.now());
  if (!held) return;
  const text = held.rules ? "Accept the rules of the server before you write." : "You are too new to write here.";
  throw new AppError(
    "verification_required",
    text,
    held.until === null ? {} : { retryAfterMs: held.until - clock.now() },
  );
}

/** Accepts the rules of the server; accepting them again changes nothing. Throws `not_found` or `rate_limited`. */
export async function acceptRules(context: Context, actor: Actor, serverId: number): Promise<void> {
  const { store, clock, rates } = context;
  await rates.changes.spend(actor.userId);
  await serverAccess(context, actor, serverId);
  await acceptStored(store.db, serverId, actor.userId, clock.now());
  publish(context, `user:${actor.userId}`, { type: "rules_accepted", server_id: serverId });
}
