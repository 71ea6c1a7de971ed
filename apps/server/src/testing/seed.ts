import { randomUUID } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { prepareDataFolder } from "../data-folder.ts";
import { createAccessTokens } from "../domain/accounts/access-tokens.ts";
import { configuredKey, StoredSigningKeys, type SigningKeys } from "../domain/accounts/signing-keys.ts";
import { createPasswords } from "../domain/accounts/passwords.ts";
import { chunks } from "../chunks.ts";
import { systemClock } from "../clock.ts";
import type { Store } from "../store/contract.ts";
import { insertServer } from "../store/queries/servers.ts";
import { ensureSigningKey, newSigningSecret } from "../store/queries/signing-keys.ts";
import { openSqliteStore } from "../store/sqlite/open-sqlite-store.ts";

export interface Seeded {
  /** Ids of the text channels, in their order. */
  channels: number[];
  /** One access token for each user. */
  tokens: string[];
}

const rowsAtOnce = 500;
const lifeMs = 24 * 3_600_000;
/** All users have the same password: hashing one for each of 10,000 users would take longer than a benchmark. */
const password = "benchmark";

/**
 * Creates a data folder with `people` users, members of one server with `channelCount` text channels or of several of
 * `peoplePerServer` each, and signs an access token for each with the key of its database.
 */
export async function seed(
  dataDir: string,
  people: number,
  channelCount: number,
  peoplePerServer = people,
): Promise<Seeded> {
  await prepareDataFolder(dataDir);
  const store = await openSqliteStore({ file: join(dataDir, "miscord.db") });
  try {
    return await seedStore(store, undefined, people, channelCount, peoplePerServer);
  } finally {
    await store.close();
  }
}

/** Adds the users and their servers to a store whose instance signs with SECRET_KEY; without, with its database's key. */
export async function seedStore(
  store: Store,
  secretKey: Uint8Array | undefined,
  people: number,
  channelCount: number,
  peoplePerServer = people,
): Promise<Seeded> {
  const users = await addPeople(store, people);
  const channels: number[] = [];
  for (const members of chunks(users, peoplePerServer))
    channels.push(...(await addServer(store, members, channelCount)));
  return { channels, tokens: await addSessions(store, users, await keysOf(store, secretKey)) };
}

async function addPeople({ db }: Store, people: number): Promise<number[]> {
  const passwordHash = await createPasswords().hash(password);
  const rows = Array.from({ length: people }, (_, index) => personRow(`bench-${index}`, passwordHash));
  const ids: number[] = [];
  for (const part of chunks(rows, rowsAtOnce)) {
    const added = await db.insertInto("users").values(part).returning("id").execute();
    ids.push(...added.map(({ id }) => id));
  }
  return ids.toSorted((a, b) => a - b);
}

function personRow(username: string, passwordHash: string) {
  return {
    username,
    username_key: username,
    username_skeleton: username,
    email: `${username}@example.org`,
    password_hash: passwordHash,
    display_name: username,
    display_name_key: username,
    avatar_color: "#5865f2",
    is_admin: 0,
    locale: null,
    theme: "system",
    status: "online",
    created_at: Date.now(),
  };
}

async function addServer({ db }: Store, users: readonly number[], channelCount: number): Promise<number[]> {
  const now = Date.now();
  const owner = users[0] ?? 0;
  const serverId = await db
    .transaction()
    .execute((trx) => insertServer(trx, { name: "Benchmark", ownerId: owner, now }));
  const members = users.map((userId) => ({ server_id: serverId, user_id: userId, joined_at: now }));
  for (const part of chunks(members, rowsAtOnce)) await db.insertInto("members").values(part).execute();
  const channels = Array.from({ length: channelCount }, (_, position) => {
    return { server_id: serverId, name: `channel-${position}`, type: "text", position, created_at: now };
  });
  const added = await db.insertInto("channels").values(channels).returning("id").execute();
  return added.map(({ id }) => id).toSorted((a, b) => a - b);
}

async function addSessions({ db }: Store, users: readonly number[], keys: SigningKeys): Promise<string[]> {
  const now = Date.now();
  const expiresAt = now + lifeMs;
  const sessions = users.map((userId) => ({
    id: randomUUID(),
    user_id: userId,
    kind: "web",
    refresh_hash: null,
    spent_hash: null,
    user_agent: "benchmark",
    address: "127.0.0.1",
    created_at: now,
    last_used_at: now,
    expires_at: expiresAt,
    revoked_at: null,
  }));
  for (const part of chunks(sessions, rowsAtOnce)) await db.insertInto("sessions").values(part).execute();
  const tokens = createAccessTokens(keys, systemClock);
  const issue = (session: (typeof sessions)[number]): Promise<string> =>
    tokens.issue("access", { userId: session.user_id, sessionId: session.id, expiresAt });
  return Promise.all(sessions.map(issue));
}

async function keysOf(store: Store, secretKey: Uint8Array | undefined): Promise<SigningKeys> {
  if (secretKey) return configuredKey(secretKey);
  await ensureSigningKey(store.db, newSigningSecret(), Date.now());
  return StoredSigningKeys.open({ store, clock: systemClock, termMs: lifeMs });
}

/**
 * From the command line: `node apps/server/src/testing/seed.ts --data DIR --people 1000 --channels 1`; then start the
 * server on DIR.
 */
if (import.meta.main) {
  const options = { data: { type: "string" }, people: { type: "string" }, channels: { type: "string" } } as const;
  const { data, people = "100", channels = "1" } = parseArgs({ options }).values;
  if (data === undefined) throw new Error("--data names the folder to fill");
  const seeded = await seed(data, Number(people), Number(channels));
  const file = join(data, "bench-tokens.json");
  writeFileSync(file, JSON.stringify(seeded), { mode: 0o600 });
  console.log(`${people} people with the password "${password}"; their tokens and channels are in ${file}`);
}
