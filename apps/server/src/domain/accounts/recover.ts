import { foldName } from "@miscord/text";
import type { Kysely } from "kysely";
import { requireAdmin } from "../access.ts";
import { AppError } from "../../errors.ts";
import { deleteRecoveryCodes, takeOneTimeSecret, voidOneTimeSecrets } from "../../store/queries/recovery.ts";
import { recordInInstance } from "../../store/queries/instance.ts";
import { factorsOf } from "../../store/queries/second-factors.ts";
import { botIdsOf, voidBotTokens } from "../../store/queries/bots.ts";
import { refuseAllScheduled } from "../../store/queries/scheduled-messages.ts";
import { deleteIdentities } from "../../store/queries/identities.ts";
import { revokeAllSessions } from "../../store/queries/sessions.ts";
import { replacePassword, userById, userByKey } from "../../store/queries/users.ts";
import type { Tables } from "../../store/schema.ts";
import type { Authentication, DomainContext } from "../context.ts";
import { requireConfirmed, requireLiveUntilCommit } from "../require-confirmed.ts";
import { notice } from "./notices.ts";
import { requirePasswordLogin } from "./password-login.ts";
import { issueOneTimeSecret, type SecretContext } from "./one-time-secrets.ts";
import { spendRecoveryCode } from "./recovery-codes.ts";
import { digest } from "./secrets.ts";
import { announceRevoked, revokeOtherSessions } from "./sessions.ts";

type Context = Pick<DomainContext, "store" | "bus" | "clock" | "passwords" | "rates" | "settings" | "mail">;

/** No account has this id. */
const nobody = 0;

/**
 * What ends with a password. The address that waits for its confirmation too: whoever knew the password may have asked for
 * it, and sends the owner the link.
 */
const underWay = ["login", "reset", "mail_reset", "email", "link"] as const;

/**
 * Sets a new password with a recovery code, and ends all sessions. The next login asks for a second factor where the
 * account has one. Throws `invalid_credentials` after the same work whether the account is missing or the code is wrong;
 * `rate_limited` or `unavailable` under load.
 */
export async function recoverAccount(
  context: Context,
  input: { username: string; recoveryCode: string; newPassword: string; limitKey: string },
): Promise<void> {
  const { rates, passwords, store, clock } = context;
  requirePasswordLogin(context);
  const key = foldName(input.username);
  await rates.logins.spend(input.limitKey);
  await rates.accountLogins.spend(`${input.limitKey} recovery ${key}`);
  const passwordHash = await passwords.hash(input.newPassword);
  const ended = await store.db.transaction().execute(async (db) => {
    const userId = (await userByKey(db, key))?.id ?? nobody;
    if (!(await spendRecoveryCode(db, userId, input.recoveryCode))) return null;
    await notice(context, db, userId, "password_changed");
    return {
      userId,
      sessions: await resetPasswordHash(db, userId, { to: passwordHash, now: clock.now(), hasCodes: true }),
    };
  });
  if (ended === null) throw new AppError("invalid_credentials", "The username or the recovery code is wrong.");
  rates.accountLogins.refund(`${input.limitKey} recovery ${key}`);
  await closeSessions(context, ended.userId, ended.sessions);
}

/**
 * Sets a new password with the secret of a link, once, and ends all sessions. Resolves with the username. Throws
 * `invalid_credentials` when the link is unknown, used or expired; `rate_limited` or `unavailable` under load.
 */
export async function resetPassword(
  context: Context,
  { token, newPassword, limitKey }: { token: string; newPassword: string; limitKey: string },
): Promise<string> {
  const { rates, passwords, store, clock } = context;
  requirePasswordLogin(context);
  await rates.logins.spend(limitKey);
  const passwordHash = await passwords.hash(newPassword);
  const recovered = await store.db.transaction().execute(async (db) => {
    const now = clock.now();
    const take = (kind: "reset" | "mail_reset") => takeOneTimeSecret(db, { digest: digest(token), kind, now });
    const mailed = await take("mail_reset");
    const userId = (mailed ?? (await take("reset")))?.user_id ?? null;
    if (userId === null) return undefined;
    await notice(context, db, userId, "password_changed");
    const sessions = await resetPasswordHash(db, userId, { to: passwordHash, now, hasMailbox: mailed !== undefined });
    const user = await userById(db, userId);
    return user && { user, sessions };
  });
  if (!recovered) throw new AppError("invalid_credentials", "This link is not valid, has expired or was used.");
  const { user, sessions } = recovered;
  await closeSessions(context, user.id, sessions);
  return user.username;
}

/** Also those that began while the transaction ran. */
async function closeSessions(context: Context, userId: number, ended: readonly string[]): Promise<void> {
  announceRevoked(context, userId, ended);
  await revokeOtherSessions(context, { userId, sessionId: null });
}

/**
 * For whoever knew the old password, with the hash `from`. Everything that was under way with it ends. False, and nothing
 * changes, when it was replaced meanwhile.
 */
export async function changePasswordHash(
  db: Kysely<Tables>,
  userId: number,
  { from, to }: { from: string; to: string },
): Promise<boolean> {
  if (!(await replacePassword(db, userId, { password_hash: to, email_pending: null }, from))) return false;
  await voidOneTimeSecrets(db, userId, underWay);
  return true;
}

/**
 * For whoever did not know the old password, who may not be the one who added the account's passkeys either, nor the one who
 * linked its logins at providers: those go, and can be linked again. Nor, unless the link went there (`hasMailbox`), the one
 * who confirmed its address, which has to be confirmed again: a notice comes before this. Nor, unless one of them was used
 * (`hasCodes`), the one who made its recovery codes, for which the password was enough while there was no second factor. Nor the one
 * who made its bots and their tokens, which open what the account may see: those need new ones. Nor the one who wrote what waits to
 * be sent in its name, or in theirs: that waits until somebody who is logged in looks at it. Ends all sessions, and resolves with their
 * ids.
 */
export async function resetPasswordHash(
  db: Kysely<Tables>,
  userId: number,
  {
    to,
    now,
    hasMailbox = false,
    hasCodes = false,
  }: { to: string; now: number; hasMailbox?: boolean; hasCodes?: boolean },
): Promise<string[]> {
  // First, for `requireLiveUntilCommit`.
  const ended = await revokeAllSessions(db, userId, now);
  const change = { password_hash: to, recovered_at: now, email_pending: null };
  await replacePassword(db, userId, hasMailbox ? change : { ...change, email_key: null });
  await deleteIdentities(db, userId);
  await voidBotTokens(db, userId, now);
  await refuseAllScheduled(db, [userId, ...(await botIdsOf(db, [userId]))], "confirmation_required");
  const { authenticator, passkey } = await factorsOf(db, userId);
  if (!hasCodes && !authenticator && !passkey) await deleteRecoveryCodes(db, userId);
  await voidOneTimeSecrets(db, userId, underWay);
  return ended;
}

/**
 * Makes a link by which somebody sets a new password, for an administrator of the instance to hand over. Voids the one
 * before, and is in the log of the instance. Throws `not_found`, `confirmation_required` or `forbidden`, which it does for other administrators too: one of them
 * must not become another.
 */
export async function createResetLink(
  context: Pick<DomainContext, "store" | "clock" | "settings" | "rates">,
  authentication: Authentication,
  username: string,
): Promise<{ secret: string; expiresAt: number }> {
  await context.rates.changes.spend(authentication.userId);
  await requireAdmin(context, authentication);
  requirePasswordLogin(context);
  await requireConfirmed(context, authentication);
  const user = await userByKey(context.store.db, foldName(username));
  if (!user) throw new AppError("not_found", "There is nobody of this name.");
  if (user.is_admin === 1 && user.id !== authentication.userId) {
    throw new AppError("forbidden", "Links for other administrators are made at the command line.");
  }
  const { store, clock } = context;
  return store.db.transaction().execute(async (db) => {
    await requireLiveUntilCommit(db, authentication.sessionId);
    const action = "reset_link_create";
    await recordInInstance(db, { actorId: authentication.userId, action, userId: user.id, at: clock.now() });
    return issueResetLink({ store: { db }, clock }, user.id);
  });
}

/** For callers that have checked who asks. */
export async function issueResetLink(
  context: SecretContext,
  userId: number,
): Promise<{ secret: string; expiresAt: number }> {
  await voidOneTimeSecrets(context.store.db, userId, ["reset", "mail_reset"]);
  return issueOneTimeSecret(context, "reset", userId);
}
