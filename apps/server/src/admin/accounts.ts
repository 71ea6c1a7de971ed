import { randomBytes } from "node:crypto";
import type { Kysely } from "kysely";
import { foldName } from "@miscord/text";
import { systemClock } from "../clock.ts";
import type { Config } from "../config.ts";
import { createPasswords } from "../domain/accounts/passwords.ts";
import { issueResetLink, setPassword } from "../domain/accounts/recover.ts";
import { OperatorError } from "../errors.ts";
import { deleteAuthenticator, deletePasskeys } from "../store/queries/second-factors.ts";
import { revokeAllSessions } from "../store/queries/sessions.ts";
import { updateUser, userByKey } from "../store/queries/users.ts";
import type { Tables, UserRow } from "../store/schema.ts";
import { withStore } from "./open-store.ts";

/** 96 bits, short enough to read out over a telephone. */
const passwordBytes = 12;

/** Sets a random password and revokes all sessions: at once for HTTP, within 15 minutes for open connections. */
export function resetPassword(config: Config, username: string): Promise<string> {
  return withUser(config, username, async (db, user) => {
    const password = randomBytes(passwordBytes).toString("base64url");
    await setPassword(db, user.id, await createPasswords().hash(password));
    await revokeAllSessions(db, user.id, Date.now());
    return `The new password of ${user.username} is ${password} and all their sessions have ended.`;
  });
}

export function makeAdministrator(config: Config, username: string): Promise<string> {
  return withUser(config, username, async (db, user) => {
    await updateUser(db, user.id, { is_admin: 1 });
    return `${user.username} is an administrator now.`;
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

/** For people who lost their second factor and their recovery codes. The password stays; all sessions end. */
export function removeSecondFactors(config: Config, username: string): Promise<string> {
  return withUser(config, username, async (db, user) => {
    await deleteAuthenticator(db, user.id);
    await deletePasskeys(db, user.id);
    await revokeAllSessions(db, user.id, Date.now());
    return `${user.username} logs in with the password alone now, and all their sessions have ended.`;
  });
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
