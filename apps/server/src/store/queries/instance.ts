import type {
  Application,
  ApplicationPage,
  ApplicationQuery,
  AuditChange,
  InstanceAction,
  InstanceLog,
  InstanceServerPage,
  InstanceServerQuery,
} from "@miscord/protocol";
import { sql, type Kysely } from "kysely";
import { compiledOnce } from "../compiled-once.ts";
import { presentUser } from "../present-message.ts";
import type { Tables } from "../schema.ts";
import { containsText } from "./contains-text.ts";
import { userColumns, usersById } from "./users.ts";

type Db = Kysely<Tables>;

const isoOf = (at: number) => new Date(at).toISOString();

/** What administrators have set, as JSON by name. */
export async function storedSettings(db: Db): Promise<Map<string, string>> {
  return new Map((await settingRows(db)).map(({ name, value }) => [name, value]));
}

const settingRows = compiledOnce((db) => db.selectFrom("instance_settings").selectAll());

/** Null removes what is set. */
export async function storeSetting(db: Db, name: string, value: string | null): Promise<void> {
  if (value === null) await db.deleteFrom("instance_settings").where("name", "=", name).execute();
  else {
    await db
      .insertInto("instance_settings")
      .values({ name, value })
      .onConflict((conflict) => conflict.column("name").doUpdateSet({ value }))
      .execute();
  }
}

export interface InstanceRecord {
  readonly actorId: number;
  readonly action: InstanceAction;
  readonly userId?: number;
  readonly changes?: readonly AuditChange[];
  readonly at: number;
}

/** Must run inside the transaction of the action. */
export async function recordInInstance(
  db: Db,
  { actorId, action, userId, changes = [], at }: InstanceRecord,
): Promise<void> {
  const row = { actor_id: actorId, action, user_id: userId ?? null, changes: JSON.stringify(changes), created_at: at };
  await db.insertInto("instance_log").values(row).execute();
}

/** The newest first. */
export async function instanceLog(
  db: Db,
  { before, limit }: { before?: number | undefined; limit: number },
): Promise<InstanceLog> {
  const rows = await db
    .selectFrom("instance_log")
    .$if(before !== undefined, (query) => query.where("id", "<", before!))
    .orderBy("id", "desc")
    .limit(limit + 1)
    .selectAll()
    .execute();
  const shown = rows.slice(0, limit);
  const ids = new Set(shown.flatMap((row) => [row.actor_id, ...(row.user_id === null ? [] : [row.user_id])]));
  const users = new Map((ids.size > 0 ? await usersById(db, [...ids]) : []).map((user) => [user.id, user]));
  const entries = shown.map((row) => ({
    id: row.id,
    action: row.action as InstanceAction,
    created_at: isoOf(row.created_at),
    actor: users.get(row.actor_id)!,
    user: row.user_id === null ? null : users.get(row.user_id)!,
    changes: JSON.parse(row.changes) as AuditChange[],
  }));
  return { entries, has_more: rows.length > limit };
}

export async function deleteInstanceLogBefore(db: Db, before: number): Promise<void> {
  await db.deleteFrom("instance_log").where("created_at", "<", before).execute();
}

/** Bytes and number of the files in the messages of each server. */
function storageByServer(db: Db) {
  return db
    .selectFrom("attachments")
    .innerJoin("messages", "messages.id", "attachments.message_id")
    .innerJoin("channels", "channels.id", "messages.channel_id")
    .where("channels.server_id", "is not", null)
    .groupBy("channels.server_id")
    .select(({ fn }) => [
      "channels.server_id",
      fn.sum<number | string>("attachments.size").as("bytes"),
      fn.countAll<number | string>().as("files"),
    ]);
}

/** Servers whose names contain the text: the newest first, or those with most bytes. `after`: the last of the page before. */
export async function instanceServers(
  db: Db,
  { search, sort, after, limit }: InstanceServerQuery,
): Promise<InstanceServerPage> {
  const bytes = sql<number | string>`coalesce(storage.bytes, 0)`;
  const from =
    after === undefined || sort === "newest"
      ? 0
      : Number((await storageByServer(db).where("channels.server_id", "=", after).executeTakeFirst())?.bytes ?? 0);
  const rows = await db
    .with("storage", () => storageByServer(db))
    .selectFrom("servers")
    .innerJoin("users", "users.id", "servers.owner_id")
    .leftJoin("storage", "storage.server_id", "servers.id")
    .$if(search !== "", (query) => query.where(containsText("servers.name", search)))
    .$if(after !== undefined && sort === "newest", (query) => query.where("servers.id", "<", after!))
    .$if(after !== undefined && sort === "storage", (query) =>
      query.where(sql<boolean>`(${bytes} < ${from} or (${bytes} = ${from} and servers.id < ${after}))`),
    )
    .$if(sort === "storage", (query) => query.orderBy(bytes, "desc"))
    .orderBy("servers.id", "desc")
    .limit(limit + 1)
    .select(userColumns)
    .select((is) => [
      "servers.id as server_id",
      "servers.name",
      "servers.created_at",
      "servers.public_since",
      "servers.unlisted",
      bytes.as("bytes"),
      sql<number | string>`coalesce(storage.files, 0)`.as("files"),
      is
        .selectFrom("members")
        .whereRef("members.server_id", "=", "servers.id")
        .select((of) => of.fn.countAll<number | string>().as("count"))
        .as("members"),
      is
        .selectFrom("channels")
        .whereRef("channels.server_id", "=", "servers.id")
        .where("channels.parent_id", "is", null)
        .select((of) => of.fn.countAll<number | string>().as("count"))
        .as("channels"),
    ])
    .execute();
  const servers = rows.slice(0, limit).map((row) => ({
    id: row.server_id,
    name: row.name,
    created_at: isoOf(row.created_at),
    owner: presentUser(row),
    members: Number(row.members),
    channels: Number(row.channels),
    files: Number(row.files),
    storage_bytes: Number(row.bytes),
    is_public: row.public_since !== null,
    is_unlisted: row.unlisted === 1,
  }));
  return { servers, has_more: rows.length > limit };
}

export interface ApplicationRow {
  readonly state: "waiting" | "refused";
  readonly note: string | null;
}

/** Undefined for accounts that may be used. */
export async function applicationOf(db: Db, userId: number): Promise<ApplicationRow | undefined> {
  const row = await db
    .selectFrom("applications")
    .where("user_id", "=", userId)
    .select(["state", "note"])
    .executeTakeFirst();
  return row as ApplicationRow | undefined;
}

export async function insertApplication(
  db: Db,
  row: { user_id: number; reason: string; created_at: number },
): Promise<void> {
  await db
    .insertInto("applications")
    .values({ ...row, state: "waiting", note: null })
    .execute();
}

/** False unless it waits. */
export async function refuseApplication(db: Db, userId: number, note: string | null): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable("applications")
    .set({ state: "refused", note })
    .where("user_id", "=", userId)
    .where("state", "=", "waiting")
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** False when there is none any more. */
export async function deleteApplication(db: Db, userId: number): Promise<boolean> {
  const { numDeletedRows } = await db.deleteFrom("applications").where("user_id", "=", userId).executeTakeFirst();
  return numDeletedRows === 1n;
}

export async function countWaiting(db: Db): Promise<number> {
  const row = await db
    .selectFrom("applications")
    .where("state", "=", "waiting")
    .select(({ fn }) => fn.countAll<number | string>().as("count"))
    .executeTakeFirstOrThrow();
  return Number(row.count);
}

export async function listApplications(db: Db, { state, after, limit }: ApplicationQuery): Promise<ApplicationPage> {
  const isQueue = state === "waiting";
  const rows = await db
    .selectFrom("applications")
    .innerJoin("users", "users.id", "applications.user_id")
    .where("applications.state", "=", state)
    .where("users.deleted_at", "is", null)
    .$if(after !== undefined, (query) => query.where("applications.user_id", isQueue ? ">" : "<", after!))
    .orderBy("applications.user_id", isQueue ? "asc" : "desc")
    .limit(limit + 1)
    .select(userColumns)
    .select(["users.email", "applications.reason", "applications.note", "applications.created_at"])
    .execute();
  const applications: Application[] = rows.slice(0, limit).map((row) => ({
    user: presentUser(row),
    email: row.email,
    reason: row.reason,
    note: row.note,
    created_at: isoOf(row.created_at),
  }));
  return { applications, has_more: rows.length > limit, waiting: await countWaiting(db) };
}
