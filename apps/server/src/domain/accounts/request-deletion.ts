import type { Deletion, DeletionBody, Me } from "@miscord/protocol";
import { AppError } from "../../errors.ts";
import { revokeWithBots } from "../../store/queries/bots.ts";
import * as deletions from "../../store/queries/deletions.ts";
import { presentMe, userById } from "../../store/queries/users.ts";
import type { Authentication, DomainContext } from "../context.ts";
import { requireConfirmed, requireLiveUntilCommit } from "../require-confirmed.ts";
import { publish } from "../publish.ts";
import { announceRevoked } from "./sessions.ts";

type Context = Pick<DomainContext, "store" | "bus" | "clock" | "rates">;

const weekMs = 7 * 24 * 3_600_000;
const confirmedForMs = 60_000;

/**
 * Notes that the account is to be deleted in a week, and ends all of its sessions and those of its bots. Until then logging in offers to keep it.
 * Throws `confirmation_required` unless they confirmed in the last minute who they are, and `conflict` for owners of servers, whose names are in `details`, and
 * for the only administrator.
 */
export async function requestDeletion(
  context: Context,
  authentication: Authentication,
  { messages }: DeletionBody,
): Promise<Deletion> {
  const { store, clock } = context;
  const { userId } = authentication;
  await context.rates.changes.spend(userId);
  await requireConfirmed(context, authentication, confirmedForMs);
  const user = await userById(store.db, userId);
  if (!user) throw new AppError("unauthorized", "The session has ended.");
  const at = clock.now() + weekMs;
  const revoked = await store.db.transaction().execute(async (db) => {
    await requireLiveUntilCommit(db, authentication.sessionId);
    const servers = await deletions.serversOwnedBy(db, userId);
    if (servers.length > 0) {
      const names = servers.map(({ name }) => name).join(", ");
      throw new AppError("conflict", `Hand over or delete the servers that you own first: ${names}.`, {
        details: { servers },
      });
    }
    if (user.is_admin === 1 && (await deletions.countOtherAdmins(db, userId)) === 0) {
      throw new AppError("conflict", "You are the only administrator: make somebody else one first.");
    }
    await deletions.noteDeletion(db, userId, { at, messages });
    return revokeWithBots(db, userId, clock.now());
  });
  for (const [id, sessions] of revoked) announceRevoked(context, id, sessions);
  return { at: new Date(at).toISOString(), messages };
}

/** Takes the wish to delete the account back. */
export async function keepAccount(context: Context, { userId }: Authentication): Promise<Me> {
  await context.rates.changes.spend(userId);
  const user = await deletions.forgetDeletion(context.store.db, userId);
  if (!user) throw new AppError("unauthorized", "The session has ended.");
  publish(context, `user:${userId}`, { type: "me_updated", user_id: userId });
  return presentMe(context.store.db, user, context.clock.now());
}
