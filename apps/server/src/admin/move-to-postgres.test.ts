import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import type { History, ServerState } from "@miscord/protocol";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeAdministrator } from "./accounts.ts";
import { backUp } from "./backup.ts";
import { moveToPostgres } from "./move-to-postgres.ts";
import { databaseName } from "../data-folder.ts";
import { createPerson } from "../store/conformance/world.ts";
import { connect, connectionSettings } from "../store/postgres/connection-settings.ts";
import { openPostgresStore } from "../store/postgres/open-postgres-store.ts";
import { startPostgres, type TestPostgres } from "../testing/postgres.ts";
import { TestClient } from "../testing/test-client.ts";
import { startTestServer, type TestServer } from "../testing/test-server.ts";
import { TestSocket } from "../testing/test-socket.ts";
import { serverScript } from "../testing/server-script.ts";

const script = serverScript("admin");
let postgres: TestPostgres;
let server: TestServer;
let ann: TestClient;
let bob: TestClient;
let home: ServerState;
let channelId: number;
let firstId: number;

beforeAll(async () => {
  postgres = await startPostgres();
  server = await startTestServer();
  await seed();
});
afterAll(async () => {
  await server.cleanup();
  postgres.dispose();
});

/** What two people saw last before the server stopped; ann was away for the last message. */
async function leave() {
  const socket = open(server.url, ann);
  const { epoch } = await socket.next("connection_established");
  const { seq } = await socket.join(channelId);
  await socket.close();
  const last = await bob.send(channelId, "while ann was away");
  return { epoch, seq, last, ann: await stateOf(ann), bob: await stateOf(bob) };
}

/** Messages, replies, mentions, reactions, tombstones, files, a ban, an invite, and rows that are gone again. */
async function seed(): Promise<void> {
  ann = await TestClient.register(server.url, "ann");
  bob = await TestClient.register(server.url, "bob");
  const outcast = await TestClient.register(server.url, "outcast");
  home = await ann.createServer();
  channelId = home.channels[0]!.id;
  const code = await ann.invite(home.id);
  await bob.join(code);
  await outcast.join(code);
  await ann.put(`/api/servers/${home.id}/bans/${outcast.me.id}`);
  const file = (await ann.upload("what the file says", "note.txt", "text/plain")).body;
  const first = await ann.send(channelId, "@bob look: “quotes”, \\ and {braces}, 🎉", { attachments: [file.id] });
  firstId = first.id;
  const reply = await bob.send(channelId, "indeed", { reply_to_id: first.id });
  await bob.put(`/api/messages/${first.id}/reactions/${encodeURIComponent("👍")}`);
  await ann.patch(`/api/messages/${first.id}`, { content: "@bob look again" });
  for (let from = 0; from < 520; from += 40) {
    await Promise.all(Array.from({ length: 40 }, (_, index) => ann.send(channelId, `message ${from + index}`)));
  }
  const gone = await bob.send(channelId, "gone");
  await bob.delete(`/api/messages/${gone.id}`);
  await ann.send(channelId, "@everyone hello");
  expect(reply.seq).toBe(2);
}

interface Run {
  code: number;
  stdout: string;
  stderr: string;
}

async function move(databaseUrl: string): Promise<Run> {
  const config = { dataDir: server.config.dataDir, databaseUrl };
  try {
    return { code: 0, stdout: await moveToPostgres(config, () => {}), stderr: "" };
  } catch (error) {
    return { code: 1, stdout: "", stderr: (error as Error).message };
  }
}

async function admin(databaseUrl: string, ...args: string[]): Promise<Run> {
  const command = ["--disable-warning=ExperimentalWarning", script, "--data", server.config.dataDir, ...args];
  const env = { PATH: process.env["PATH"], DATABASE_URL: databaseUrl };
  try {
    return { code: 0, ...(await promisify(execFile)(process.execPath, command, { env })) };
  } catch (error) {
    return error as Run;
  }
}

const sourceDigest = () =>
  createHash("sha256")
    .update(readFileSync(join(server.config.dataDir, databaseName)))
    .digest("hex");

async function inDatabase(url: string, statement: string): Promise<unknown[]> {
  const client = await connect(connectionSettings(url));
  const { rows } = await client.query(statement);
  await client.end();
  return rows;
}

const open = (url: string, { token }: TestClient) =>
  new TestSocket(`${url.replace("http", "ws")}/ws/main?token=${token}`);

async function stateOf(client: TestClient) {
  return {
    newest: await client.get<History>(`/api/channels/${channelId}/messages?limit=50`),
    oldest: await client.get<History>(`/api/channels/${channelId}/messages?limit=50&before=${firstId + 40}`),
    notifications: await client.get("/api/notifications"),
    servers: await client.get("/api/servers"),
    me: await client.get("/api/auth/me"),
  };
}

test("a running server's data is not moved", async () => {
  const { code, stderr } = await move(postgres.createDatabase());
  expect(code).toBe(1);
  expect(stderr).toContain("Another Miscord uses the data folder");
});

describe("the data of a stopped server", () => {
  let left: Awaited<ReturnType<typeof leave>>;
  beforeAll(async () => {
    left = await leave();
    await server.stop();
  });

  test("moves whole, its clients resume, and moving again is refused once it has changed", async () => {
    const url = postgres.createDatabase();
    const { epoch, seq, last, ...states } = left;
    const digest = sourceDigest();

    const { code, stdout, stderr } = await move(url);
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(stdout).toMatch(/messages\s+525/);
    expect(sourceDigest()).toBe(digest);
    expect(await move(url)).toMatchObject({ code: 0, stdout: expect.stringContaining("is in PostgreSQL already") });

    const moved = await startTestServer({ dataDir: server.config.dataDir, databaseUrl: url });
    for (const client of [ann, bob]) Object.assign(client, { url: moved.url });
    const after = { ann: await stateOf(ann), bob: await stateOf(bob) };
    expect(after).toEqual(states);
    const back = open(moved.url, ann);
    expect(await back.next("connection_established")).toMatchObject({ epoch });
    back.send({ type: "join_channel", channel_id: channelId, after_seq: seq, epoch });
    expect(await back.next("channel_synced")).toMatchObject({ recovered: true, seq: last.seq });
    expect(back.all("new_message").map(({ data }) => data.content)).toEqual(["while ann was away"]);
    const [attachment] = after.ann.oldest.messages.find(({ id }) => id === firstId)!.attachments;
    expect((await ann.request("GET", attachment!.file_url)).body).toBe("what the file says");
    const bans = await ann.get<{ bans: unknown[] }>(`/api/servers/${home.id}/bans`);
    expect(bans.bans).toHaveLength(1);
    expect((await bob.send(channelId, "on PostgreSQL")).id).toBeGreaterThan(last.id);
    await back.close();
    await moved.stop();

    expect(await move(url)).toMatchObject({ code: 1, stderr: expect.stringContaining("it has been used since") });
  });

  test("an interrupted move leaves nothing behind and can be repeated", async () => {
    const url = postgres.createDatabase();
    await (await openPostgresStore({ url })).close();
    await inDatabase(
      url,
      `create function interrupt() returns trigger language plpgsql as $$ begin raise exception 'interrupted'; end $$;
     create trigger interrupt before insert on notifications for each row execute function interrupt()`,
    );
    expect(await move(url)).toMatchObject({ code: 1, stderr: expect.stringContaining("interrupted") });
    expect(await inDatabase(url, "select count(*) as users from users")).toEqual([{ users: 0 }]);
    await inDatabase(url, "drop trigger interrupt on notifications");
    expect((await move(url)).code).toBe(0);
  });

  test("a copy that differs from its source is not kept", async () => {
    const url = postgres.createDatabase();
    await (await openPostgresStore({ url })).close();
    await inDatabase(
      url,
      `create function change() returns trigger language plpgsql as $$ begin new.content = 'other'; return new; end $$;
     create trigger change before insert on messages for each row when (new.seq = 300) execute function change()`,
    );
    const { code, stderr } = await move(url);
    expect(code).toBe(1);
    expect(stderr).toContain(`The copy differs from its source, so nothing was kept (messages of channel ${channelId}`);
    expect(await inDatabase(url, "select count(*) as users from users")).toEqual([{ users: 0 }]);
  });

  test("a database that holds another instance, or none at all, is refused", async () => {
    const url = postgres.createDatabase();
    const store = await openPostgresStore({ url });
    await createPerson(store, "somebody");
    await store.close();
    expect(await move(url)).toMatchObject({ code: 1, stderr: expect.stringContaining("the data of another instance") });
    expect(await move(url.replace(/test\d+$/, "nothing"))).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/has no database "nothing"/),
    });
  });

  test("the command line moves", async () => {
    const { code, stdout } = await admin(postgres.createDatabase(), "move-to-postgres");
    expect(code).toBe(0);
    expect(stdout).toContain("every row was compared");
  });

  test("account commands work on PostgreSQL, and a backup says that PostgreSQL's tools make it", async () => {
    const databaseUrl = postgres.createDatabase();
    expect((await move(databaseUrl)).code).toBe(0);
    const config = { ...server.config, databaseUrl };
    await makeAdministrator(config, "bob");
    expect(await inDatabase(databaseUrl, "select username from users where is_admin = 1")).toEqual([
      { username: "bob" },
    ]);
    await expect(makeAdministrator(config, "nobody")).rejects.toThrow("There is nobody called nobody.");
    await expect(backUp(config, "somewhere")).rejects.toThrow("Back up PostgreSQL with its own tools");
    await expect(moveToPostgres(server.config, () => {})).rejects.toThrow("Set DATABASE_URL");
  });
});
