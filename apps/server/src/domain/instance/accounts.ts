import type { AccountPage, InstanceAccount } from "@miscord/protocol";
import { AppError } from "../../errors.ts";
import { revokeWithBots } from "../../store/queries/bots.ts";
import { accountById, listAccounts as list } from "../../store/queries/instance-accounts.ts";
import { recordInInstance } from "../../store/queries/instance.ts";
import { updateUser } from "../../store/queries/users.ts";
import { requireAdmin } from "../access.ts";
import { announceRevoked, revokeOtherSessions } from "../accounts/sessions.ts";
import type { Actor, Authentication, DomainContext } from "../context.ts";
import { requireConfirmed } from "../require-confirmed.ts";

type Context = Pick<DomainContext, "store" | "clock" | "bus">;

/** For administrators of the instance; throws `forbidden` for others. */
export async function listAccounts(
  context: Context,
  actor: Actor,
  page: { search: string; before?: number | undefined; limit: number },
): Promise<AccountPage> {
  await requireAdmin(context, actor);
  return list(context.store.db, { ...page, now: context.clock.now() });
}

/**
 * Disabling an account ends its sessions, and nobody can log in to it until it is enabled again; what it wrote stays.
 * Throws `not_found`, and `forbidden` for administrators' accounts, the own one among them; those can be enabled only. Disabling
 * throws `confirmation_required` too.
 */
export async function setDisabled(
  context: Context,
  actor: Authentication,
  userId: number,
  isDisabled: boolean,
): Promise<InstanceAccount> {
  const account = isDisabled ? await otherAccount(context, actor, userId) : await anyAccount(context, actor, userId);
  if (isDisabled) await requireConfirmed(context, actor);
  if (isDisabled !== (account.disabled_at !== null)) {
    const at = context.clock.now();
    await context.store.db.transaction().execute(async (db) => {
      const inDatabase = { ...context, store: { ...context.store, db } };
      await (isDisabled ? otherAccount : anyAccount)(inDatabase, actor, userId);
      await updateUser(db, userId, { disabled_at: isDisabled ? at : null });
      const action = isDisabled ? "account_disable" : "account_enable";
      await recordInInstance(db, { actorId: actor.userId, action, userId, at });
    });
  }
  // After the account is disabled, so that of a login at the same time either finds the account disabled or is ended.
  if (isDisabled) {
    const ended = await revokeWithBots(context.store.db, userId, context.clock.now());
    for (const [id, sessions] of ended) announceRevoked(context, id, sessions);
  }
  return presented(context, userId);
}

/** Ends all sessions of the account. Throws as `setDisabled` does. */
export async function endSessions(context: Context, actor: Actor, userId: number): Promise<InstanceAccount> {
  await otherAccount(context, actor, userId);
  const record = { actorId: actor.userId, action: "account_sessions_end", userId, at: context.clock.now() } as const;
  await recordInInstance(context.store.db, record);
  await revokeOtherSessions(context, { userId, sessionId: null });
  return presented(context, userId);
}

async function otherAccount(context: Context, actor: Actor, userId: number): Promise<InstanceAccount> {
  const account = await anyAccount(context, actor, userId);
  if (account.is_admin)
    throw new AppError("forbidden", "The accounts of administrators are managed at the command line.");
  return account;
}

async function anyAccount(context: Context, actor: Actor, userId: number): Promise<InstanceAccount> {
  await requireAdmin(context, actor);
  return presented(context, userId);
}

async function presented({ store, clock }: Context, userId: number): Promise<InstanceAccount> {
  const account = await accountById(store.db, userId, clock.now());
  if (!account) throw new AppError("not_found", "There is no such account.");
  return account;
}
