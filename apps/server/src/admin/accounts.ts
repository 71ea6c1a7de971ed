import { randomBytes } from "node:crypto";
import type { Kysely } from "kysely";
import { foldName } from "@miscord/text";
import type { Config } from "../config.ts";
import { createPasswords } from "../domain/accounts/passwords.ts";
import { OperatorError } from "../errors.ts";
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
    await updateUser(db, user.id, { password_hash: await createPasswords().hash(password) });
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
