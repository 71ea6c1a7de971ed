import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Kysely } from "kysely";
import { foldName } from "@miscord/text";
import type { Config } from "../config.ts";
import { createPasswords } from "../domain/accounts/passwords.ts";
import { databaseName } from "../data-folder.ts";
import { OperatorError } from "../errors.ts";
import { revokeAllSessions } from "../store/queries/sessions.ts";
import { updateUser, userByKey } from "../store/queries/users.ts";
import type { Tables, UserRow } from "../store/schema.ts";
import type { Store } from "../store/contract.ts";
import { openPostgresStore } from "../store/postgres/open-postgres-store.ts";
import { explainStart } from "../store/postgres/start-faults.ts";
import { openSqliteStore } from "../store/sqlite/open-sqlite-store.ts";

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

async function withUser(
  config: Config,
  username: string,
  change: (db: Kysely<Tables>, user: UserRow) => Promise<string>,
): Promise<string> {
  const store = await openStore(config);
  try {
    const user = await userByKey(store.db, foldName(username));
    if (!user) throw new OperatorError(`There is nobody called ${username}.`);
    return await change(store.db, user);
  } finally {
    await store.close();
  }
}

/** Beside a running server, whose locks do not matter here. */
async function openStore({ dataDir, databaseUrl: url }: Config): Promise<Store> {
  if (url !== undefined) {
    return openPostgresStore({ url, poolSize: 2 }).catch((error: unknown) => {
      throw explainStart(error, url);
    });
  }
  const file = join(dataDir, databaseName);
  if (!existsSync(file)) throw new OperatorError(`There is no database ${file}. Name its folder with --data.`);
  return openSqliteStore({ file });
}
