import { AppError } from "../../errors.ts";
import * as sessions from "../../store/queries/sessions.ts";
import { userById } from "../../store/queries/users.ts";
import type { DomainContext, Authentication } from "../context.ts";
import { requireConfirmed, requireLive } from "../require-confirmed.ts";
import { requirePasswordLogin } from "./password-login.ts";
import { countProof } from "./password-attempts.ts";
import { notice } from "./notices.ts";
import { changePasswordHash } from "./recover.ts";
import { announceRevoked, revokeOtherSessions } from "./sessions.ts";

/**
 * Changes the password and revokes the user's other sessions. An account without one gets its first, for which its user has to
 * confirm who they are. Throws `forbidden` when `currentPassword` is wrong, or `confirmation_required`.
 */
export async function changePassword(
  context: Pick<DomainContext, "store" | "bus" | "clock" | "passwords" | "rates" | "settings" | "mail">,
  authentication: Authentication,
  input: { currentPassword: string; newPassword: string },
): Promise<void> {
  const { store, passwords, rates, clock } = context;
  const { sessionId } = authentication;
  requirePasswordLogin(context);
  const user = await userById(store.db, authentication.userId);
  if (!user) throw new AppError("unauthorized", "The session has ended.");
  if (user.password_hash === "") await requireConfirmed(context, authentication);
  else {
    // A stolen access token must not become a way to guess the password.
    await countProof(rates, user.username_key, sessionId);
    if (!(await passwords.verify(input.currentPassword, user.password_hash, user.id))) throw wrong();
  }
  const change = { from: user.password_hash, to: await passwords.hash(input.newPassword, user.id) };
  const ended = await store.db.transaction().execute(async (db) => {
    // First: what the others are about to add is there for what comes next, or is refused.
    const others = await sessions.revokeOtherSessions(db, user.id, sessionId, clock.now());
    await requireLive(db, sessionId);
    // It was replaced since it was checked.
    if (!(await changePasswordHash(db, user.id, change))) throw wrong();
    await notice(context, db, user.id, "password_changed");
    return others;
  });
  announceRevoked(context, user.id, ended);
  // Also those that began while the transaction ran.
  await revokeOtherSessions(context, authentication);
}

function wrong(): AppError {
  return new AppError("forbidden", "The current password is wrong.", { details: { field: "current_password" } });
}
