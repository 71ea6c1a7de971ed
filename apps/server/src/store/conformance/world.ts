import { expect } from "vitest";
import type { Committed, LogCommand, SendCommand, Store } from "../contract.ts";
import { insertServer } from "../queries/servers.ts";
import { sending } from "./commands.ts";

/** A server with an owner, two members and three channels, a user who is no member, and an administrator. */
export interface World {
  store: Store;
  serverId: number;
  /** Text channels `general` and `random` and the voice channel `lounge` of the server. */
  general: number;
  random: number;
  lounge: number;
  owner: number;
  ann: number;
  bob: number;
  /** Member of no server. */
  stranger: number;
  /** Administrator of the instance; member of no server. */
  admin: number;
  /** Usernames, as they are written in a mention. */
  names: Record<"owner" | "ann" | "bob" | "stranger", string>;
}

let worlds = 0;

/** Creates a world with names of its own, beside those that other tests created in the same store. */
export async function createWorld(store: Store): Promise<World> {
  worlds += 1;
  const named = (name: string) => `${name}${worlds}`;
  const owner = await createPerson(store, named("owner"));
  const ann = await createPerson(store, named("ann"));
  const bob = await createPerson(store, named("bob"));
  const serverId = await createServer(store, owner, [ann, bob]);
  return {
    store,
    serverId,
    general: await createChannel(store, serverId, "text"),
    random: await createChannel(store, serverId, "text"),
    lounge: await createChannel(store, serverId, "voice"),
    owner,
    ann,
    bob,
    stranger: await createPerson(store, named("stranger")),
    admin: await createPerson(store, named("admin"), { is_admin: 1 }),
    names: { ann: named("ann"), bob: named("bob"), owner: named("owner"), stranger: named("stranger") },
  };
}

export async function createPerson(store: Store, name: string, fields: { is_admin?: number } = {}): Promise<number> {
  const row = await store.db
    .insertInto("users")
    .values({
      username: name,
      username_key: name.toLowerCase(),
      username_skeleton: name.toLowerCase(),
      email: `${name}@example.org`,
      password_hash: "",
      display_name: name.toUpperCase(),
      avatar_color: "#336699",
      is_admin: 0,
      locale: null,
      theme: "system",
      status: "online",
      created_at: 1,
      ...fields,
    })
    .returning("id")
    .executeTakeFirstOrThrow();
  return row.id;
}

export async function createServer(store: Store, ownerId: number, memberIds: readonly number[]): Promise<number> {
  const server = { name: "Server", ownerId, now: 1 };
  const id = await store.db.transaction().execute((db) => insertServer(db, server));
  const members = [ownerId, ...memberIds].map((user_id) => ({ server_id: id, user_id, joined_at: 1 }));
  await store.db.insertInto("members").values(members).execute();
  return id;
}

export async function createChannel(store: Store, serverId: number, type: "text" | "voice"): Promise<number> {
  const { id } = await store.db
    .insertInto("channels")
    .values({ server_id: serverId, name: type, type, position: 0, created_at: 1 })
    .returning("id")
    .executeTakeFirstOrThrow();
  return id;
}

export async function createAttachment(
  store: Store,
  uploaderId: number,
  filename = "cat.png",
  voice: { duration_ms: number; waveform: string } | null = null,
): Promise<number> {
  const { id } = await store.db
    .insertInto("attachments")
    .values({
      uploader_id: uploaderId,
      message_id: null,
      ordinal: 0,
      storage_key: "key",
      filename,
      size: 10,
      content_type: "image/png",
      width: 3,
      height: 4,
      ...voice,
      created_at: 1,
    })
    .returning("id")
    .executeTakeFirstOrThrow();
  return id;
}

export async function leave(store: Store, serverId: number, userId: number): Promise<void> {
  await store.db.deleteFrom("members").where("server_id", "=", serverId).where("user_id", "=", userId).execute();
}

/** Commits a command and fails the test when it is refused. */
export async function commit(store: Store, command: LogCommand): Promise<Committed> {
  const outcome = await store.log.commit(command);
  if (!outcome.ok) expect.fail(`${command.kind} was refused: ${outcome.code} ${outcome.message}`);
  return outcome;
}

/** Sends a message and returns it; fails the test when the send is refused. */
export async function send(
  store: Store,
  channelId: number,
  authorId: number,
  fields: Partial<SendCommand> = {},
): Promise<NonNullable<Committed["message"]>> {
  const { message } = await commit(store, sending(channelId, authorId, fields));
  return message ?? expect.fail("The send returned no message.");
}

/** Commits a command and returns its error code; fails the test when it is not refused. */
export async function refusal(store: Store, command: LogCommand): Promise<string> {
  const outcome = await store.log.commit(command);
  return outcome.ok ? expect.fail(`${command.kind} was not refused.`) : outcome.code;
}
