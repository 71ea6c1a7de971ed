import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startPostgres, type TestPostgres } from "./testing/postgres.ts";
import { TestClient } from "./testing/test-client.ts";
import { startTestServer, type TestServer } from "./testing/test-server.ts";
import {
  clockSince,
  copyDataFolder,
  readRecord,
  restoreDump,
  versionsWith,
  type RecordedInstance,
  type RecordedUser,
} from "./testing/versions/fixture.ts";

let postgres: TestPostgres;
let dataDir: string;
let server: TestServer;
let recorded: RecordedInstance;
let members: RecordedUser[];
let banned: RecordedUser;

beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.dispose());

/** A user as the version left them at their device: with its cookie and its last access token. */
function returning({ cookies, accessToken }: RecordedUser): TestClient {
  const client = new TestClient(server.url);
  for (const [name, value] of cookies) client.cookies.set(name, value);
  client.token = accessToken;
  return client;
}

/** A reply's excerpt is made for each answer, and versions differ in how they shorten the message. */
function withoutExcerpts(body: unknown): object {
  const excerpt = (key: string, value: unknown) =>
    key === "reply_to" && value !== null ? { ...(value as object), content: undefined } : value;
  return JSON.parse(JSON.stringify(body, excerpt)) as object;
}

const stores = (["sqlite", "postgres"] as const).flatMap((part) =>
  versionsWith(part).map((version) => [version, part] as const),
);

describe.each(stores)("a server that starts on the data of %s (%s)", (version, part) => {
  beforeAll(async () => {
    recorded = await readRecord(version, part);
    members = recorded.users.filter(({ isBanned }) => !isBanned);
    banned = recorded.users.find(({ isBanned }) => isBanned)!;
    dataDir = await mkdtemp(join(tmpdir(), "miscord-earlier-"));
    await copyDataFolder(version, part, dataDir);
    const databaseUrl = part === "postgres" ? postgres.createDatabase() : undefined;
    if (databaseUrl) await restoreDump(version, databaseUrl);
    const settings = { dataDir, ...(databaseUrl && { databaseUrl }) };
    server = await startTestServer(settings, { clock: clockSince(recorded) });
  });

  afterAll(async () => {
    await server.cleanup();
    await rm(dataDir, { recursive: true, force: true });
  });

  test("accepts its access tokens and answers everything that it answered", async () => {
    for (const user of recorded.users) {
      const client = returning(user);
      for (const [path, body] of Object.entries(user.answers)) {
        expect(await client.get(path), `${path} of ${user.username}`).toMatchObject(withoutExcerpts(body));
      }
    }
  });

  test("renews the sessions of its users", async () => {
    for (const user of recorded.users) {
      const client = returning(user);
      expect((await client.refresh()).status, user.username).toBe(200);
      expect(client.me.username).toBe(user.username);
    }
  });

  test("accepts the passwords of its users", async () => {
    for (const { username } of recorded.users) {
      expect((await TestClient.logIn(server.url, username)).me.username).toBe(username);
    }
  });

  test("serves its files to members", async () => {
    const { path, text } = recorded.file;
    for (const user of members) expect(await returning(user).get<string>(path)).toBe(text);
    expect((await returning(banned).request("GET", path)).status).toBe(404);
  });

  test("keeps its ban", async () => {
    const client = returning(banned);
    expect((await client.request("POST", `/api/invites/${recorded.inviteCode}`)).code).toBe("banned");
    expect((await client.request("GET", `/api/channels/${recorded.channelId}/messages`)).status).toBe(404);
  });

  test("lets a newcomer join by its invite", async () => {
    const newcomer = await TestClient.register(server.url, "dora");
    expect((await newcomer.join(recorded.inviteCode)).id).toBe(recorded.serverId);
  });

  test("continues the positions of its channel with a new message, an edit and a reaction", async () => {
    const [author, reader] = [returning(members[0]!), returning(members[1]!)];
    const path = `/api/channels/${recorded.channelId}/messages`;
    const before = await reader.get<{ seq: number }>(path);
    const sent = await author.send(recorded.channelId, "After the upgrade");
    expect(sent.seq).toBe(before.seq + 1);
    await author.patch(`/api/messages/${sent.id}`, { content: "After the upgrade, edited" });
    await reader.put(`/api/messages/${sent.id}/reactions/${encodeURIComponent("👍")}`);
    const { seq, messages } = await reader.get<{ seq: number; messages: unknown[] }>(path);
    expect(seq).toBe(before.seq + 3);
    expect(messages.at(-1)).toMatchObject({ id: sent.id, content: "After the upgrade, edited" });
    expect(messages.at(-1)).toMatchObject({ reactions: [{ emoji: "👍" }] });
  });
});
