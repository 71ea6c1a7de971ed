import { randomBytes } from "node:crypto";
import type { Kysely } from "kysely";
import { foldName } from "@miscord/text";
import { systemClock } from "../clock.ts";
import type { Config } from "../config.ts";
import { createPasswords } from "../domain/accounts/passwords.ts";
import { issueOneTimeSecret } from "../domain/accounts/one-time-secrets.ts";
import { notice } from "../domain/accounts/notices.ts";
import { issueResetLink, resetPasswordHash } from "../domain/accounts/recover.ts";
import { OperatorError } from "../errors.ts";
import { openMail } from "../mail/open-mail.ts";
import { revokeWithBots } from "../store/queries/bots.ts";
import { deleteRecoveryCodes } from "../store/queries/recovery.ts";
import { deleteAuthenticator, deletePasskeys } from "../store/queries/second-factors.ts";
import { revokeAllSessions } from "../store/queries/sessions.ts";
import { updateUser, userByKey } from "../store/queries/users.ts";
import type { Tables, UserRow } from "../store/schema.ts";
import { programs } from "../store/webhook-tables.ts";
import { withStore } from "./open-store.ts";

/** 96 bits, short enough to read out over a telephone. */
const passwordBytes = 12;

/** Sets a random password and revokes all sessions: at once for HTTP, within about a second for open connections. */
export function resetPassword(config: Config, username: string): Promise<string> {
  return withUser(config, username, async (db, user) => {
    const password = randomBytes(passwordBytes).toString("base64url");
    const passwordHash = await createPasswords().hash(password);
    await db.transaction().execute(async (trx) => {
      await notice(mailOf(config), trx, user.id, "password_changed");
      await resetPasswordHash(trx, user.id, { to: passwordHash, now: Date.now() });
    });
    // Also those that began meanwhile.
    await revokeAllSessions(db, user.id, Date.now());
    return `The new password of ${user.username} is ${password} and all their sessions have ended.`;
  });
}

export function makeAdministrator(config: Config, username: string): Promise<string> {
  return withUser(config, username, async (db, user) => {
    if (user.program !== programs.none) return `${user.username} is a bot, which administers nothing.`;
    await updateUser(db, user.id, { is_admin: 1 });
    return `${user.username} is an administrator now.`;
  });
}

/** Also for administrators, whom no other administrator can disable. All sessions end, those of their bots too. */
export function disable(config: Config, username: string): Promise<string> {
  return withUser(config, username, async (db, user) => {
    await updateUser(db, user.id, { disabled_at: Date.now() });
    await revokeWithBots(db, user.id, Date.now());
    return `Nobody can log in as ${user.username} now, and all their sessions have ended.`;
  });
}

export function enable(config: Config, username: string): Promise<string> {
  return withUser(config, username, async (db, user) => {
    await updateUser(db, user.id, { disabled_at: null });
    return `${user.username} can log in again.`;
  });
}

/** Prints a link by which the user sets a new password themselves, within an hour and once. Nothing changes before. */
export function resetLink(config: Config, username: string): Promise<string> {
  return withUser(config, username, async (db, user) => {
    const { secret } = await issueResetLink({ store: { db }, clock: systemClock }, user.id);
    const address = config.publicUrl ?? `http://localhost:${config.port}`;
    return `Whoever opens ${address}/reset#${secret} within an hour sets a new password for ${user.username}, once.`;
  });
}

/** Prints a link that logs the user in, within an hour and once, where nobody logs in with a password or the provider is down. */
export function loginLink(config: Config, username: string): Promise<string> {
  return withUser(config, username, async (db, user) => {
    const { secret } = await issueOneTimeSecret({ store: { db }, clock: systemClock }, "link", user.id);
    const address = config.publicUrl ?? `http://localhost:${config.port}`;
    return `Whoever opens ${address}/continue#${secret} within an hour is logged in as ${user.username}, once.`;
  });
}

/**
 * For people who lost their second factor and their recovery codes, which no longer work either: somebody else may have
 * them. The password stays; all sessions end.
 */
export function removeSecondFactors(config: Config, username: string): Promise<string> {
  return withUser(config, username, async (db, user) => {
    await db.transaction().execute(async (trx) => {
      await deleteAuthenticator(trx, user.id);
      await deletePasskeys(trx, user.id);
      await deleteRecoveryCodes(trx, user.id);
      await notice(mailOf(config), trx, user.id, "factors_changed");
    });
    await revokeAllSessions(db, user.id, Date.now());
    return `${user.username} logs in with the password alone now. All their sessions and recovery codes have ended.`;
  });
}

/** The server sends what is put into the outbox here. */
function mailOf(config: Config) {
  return { clock: systemClock, mail: openMail(config) };
}

function withUser(
  config: Config,
  username: string,
  change: (db: Kysely<Tables>, user: UserRow) => Promise<string>,
): Promise<string> {
  return withStore(config, async ({ db }) => {
    const user = await userByKey(db, foldName(username));
    if (!user) throw new OperatorError(`There is nobody called ${username}.`);
    return change(db, user);
  });
}
