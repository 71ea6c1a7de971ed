import { AppError } from "../../errors.ts";
import { userById } from "../../store/queries/users.ts";
import type { DomainContext, Authentication } from "../context.ts";
import { requireConfirmed } from "../require-confirmed.ts";
import { requirePasswordLogin } from "./password-login.ts";
import { countAttempt } from "./password-attempts.ts";
import { notice } from "./notices.ts";
import { changePasswordHash } from "./recover.ts";
import { revokeOtherSessions } from "./sessions.ts";

/**
 * Changes the password and revokes the user's other sessions. An account without one gets its first, for which its user has to
 * confirm who they are. Throws `forbidden` when `currentPassword` is wrong, or `confirmation_required`.
 */
export async function changePassword(
  context: Pick<DomainContext, "store" | "bus" | "clock" | "passwords" | "rates" | "settings" | "mail">,
  authentication: Authentication,
  input: { currentPassword: string; newPassword: string },
): Promise<void> {
  const { store, passwords, rates } = context;
  requirePasswordLogin(context);
  const user = await userById(store.db, authentication.userId);
  if (!user) throw new AppError("unauthorized", "The session has ended.");
  if (user.password_hash === "") await requireConfirmed(context, authentication);
  else {
    // A stolen access token must not become a way to guess the password.
    const refund = await countAttempt(rates, user.username_key, authentication);
    if (!(await passwords.verify(input.currentPassword, user.password_hash))) throw wrong();
    refund();
  }
  const change = { from: user.password_hash, to: await passwords.hash(input.newPassword) };
  const isSet = await store.db.transaction().execute(async (db) => {
    if (!(await changePasswordHash(db, user.id, change))) return false;
    await notice(context, db, user.id, "password_changed");
    return true;
  });
  // It was replaced since it was checked.
  if (!isSet) throw wrong();
  await revokeOtherSessions(context, authentication);
}

function wrong(): AppError {
  return new AppError("forbidden", "The current password is wrong.", { details: { field: "current_password" } });
}
