import type {
  Attachment,
  AuditLog,
  History,
  Message,
  Retention,
  RetentionPreview,
  ServerState,
} from "@miscord/protocol";
import { bitsOf } from "@miscord/rights";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { makeAdministrator } from "../../admin/accounts.ts";
import { ManualClock } from "../../testing/manual-clock.ts";
import { eventually } from "../../testing/eventually.ts";
import { TestClient } from "../../testing/test-client.ts";
import { startTestServer, type TestServer } from "../../testing/test-server.ts";

const dayMs = 86_400_000;
const clock = new ManualClock();
const nothing: Retention = { message_days: 0, file_days: 0, file_mb: 0 };

let server: TestServer;
/** Administrator of the instance, and owner of the server. */
let owner: TestClient;
let member: TestClient;
let home: ServerState;
let general: number;

beforeAll(async () => {
  const longMs = 10_000 * dayMs;
  server = await startTestServer({ accessTokenTtlMs: longMs, sessionTtlMs: longMs }, { clock });
  owner = await TestClient.register(server.url, "owner");
  member = await TestClient.register(server.url, "member");
  await makeAdministrator(server.config, "owner");
});
afterAll(() => server.cleanup());

beforeEach(async () => {
  await owner.patch("/api/instance/settings", { message_days: null, file_days: null, file_mb: null });
  home = await owner.createServer();
  general = home.channels.find(({ type }) => type === "text")!.id;
  await member.join(await owner.invite(home.id));
});

const rule = (fields: Partial<Retention>) => ({ ...nothing, ...fields });
const ofServer = (fields: Partial<Retention>) => owner.put(`/api/servers/${home.id}/retention`, rule(fields));
const ofChannel = (id: number, fields: Partial<Retention>) => owner.put(`/api/channels/${id}/retention`, rule(fields));
const ofInstance = (fields: Partial<Retention>) => owner.patch("/api/instance/settings", fields);

async function messagesIn(channelId: number, reader = owner): Promise<Message[]> {
  return (await reader.get<History>(`/api/channels/${channelId}/messages`)).messages;
}

const texts = async (channelId: number, reader = owner) =>
  (await messagesIn(channelId, reader)).map(({ content }) => content);

/** Lets rounds of the removal pass until the check passes. */
function inTime<Result>(check: () => Promise<Result>): Promise<Result> {
  return eventually(() => {
    clock.advance(60_000);
    return check();
  });
}

/** Until a message of its own in a second channel has gone, so that a round has been through everything. */
async function untilRemoved(): Promise<void> {
  const { id } = await owner.post<{ id: number }>(`/api/servers/${home.id}/channels`, { name: "canary", type: "text" });
  await owner.send(id, "old");
  await ofChannel(id, { message_days: 1 });
  clock.leap(2 * dayMs);
  await inTime(async () => expect(await texts(id)).toEqual([]));
  await inTime(async () => expect(await texts(id)).toEqual([]));
}

async function sendFile(text: string, bytes: number, author = owner): Promise<{ message: Message; file: Attachment }> {
  const file = (await author.upload("x".repeat(bytes), "x.txt")).body;
  const message = await author.post<Message>(`/api/channels/${general}/messages`, {
    content: text,
    attachments: [file.id],
  });
  return { message, file };
}

describe("a rule", () => {
  test("is set by those who manage the server or the channel, is told to members, and is in the audit log", async () => {
    await ofServer({ message_days: 30, file_days: 7, file_mb: 5 });
    await ofChannel(general, { message_days: 3 });
    const state = await member.get<ServerState>(`/api/servers/${home.id}`);
    expect(state.retention).toEqual({ message_days: 30, file_days: 7, file_mb: 5 });
    expect(state.channels.find(({ id }) => id === general)!.retention).toEqual(rule({ message_days: 3 }));
    const { entries } = await owner.get<AuditLog>(`/api/servers/${home.id}/audit-log`);
    expect(entries.slice(0, 2).map(({ action, changes }) => [action, changes])).toEqual([
      ["channel_update", [{ field: "message_days", before: 0, after: 3 }]],
      [
        "server_update",
        [
          { field: "message_days", before: 0, after: 30 },
          { field: "file_days", before: 0, after: 7 },
          { field: "file_mb", before: 0, after: 5 },
        ],
      ],
    ]);
    await ofServer({});
    expect((await member.get<ServerState>(`/api/servers/${home.id}`)).retention).toBeNull();
    for (const path of [`/api/servers/${home.id}`, `/api/channels/${general}`]) {
      const put = await member.request("PUT", `${path}/retention`, { body: rule({ message_days: 1 }) });
      const preview = await member.request("GET", `${path}/retention/preview?message_days=1`);
      expect([put.code, preview.code]).toEqual(["forbidden", "forbidden"]);
    }
    const instance = await member.request("GET", "/api/instance/retention/preview?message_days=1");
    expect(instance.code).toBe("forbidden");
  });

  test("of a hidden channel is unknown to those who do not see it", async () => {
    const { everyone_role_id } = home;
    const hidden = { type: "role", allow: 0, deny: bitsOf("viewChannel") };
    await owner.put(`/api/channels/${general}/overrides/${everyone_role_id}`, hidden);
    const path = `/api/channels/${general}/retention`;
    expect((await member.request("PUT", path, { body: rule({ message_days: 1 }) })).code).toBe("not_found");
    expect((await member.request("GET", `${path}/preview?message_days=1`)).code).toBe("not_found");
  });

  test("with other numbers than whole ones in their range is refused, and so is one of a category or a thread", async () => {
    const bad = [
      { message_days: -1 },
      { message_days: 0.5 },
      { file_mb: 5_000 },
      { file_days: 40_000 },
      { message_days: "1" },
    ];
    for (const fields of bad) {
      const answer = await owner.request("PUT", `/api/servers/${home.id}/retention`, {
        body: { ...nothing, ...fields },
      });
      expect(answer.code).toBe("invalid_request");
    }
    const category = { name: "c", type: "category" };
    const { id } = await owner.post<{ id: number }>(`/api/servers/${home.id}/channels`, category);
    const thread = { name: "aside", archive_after_s: 86_400 };
    const aside = await owner.post<{ id: number }>(`/api/channels/${general}/threads`, thread);
    const put = (channelId: number) =>
      owner.request("PUT", `/api/channels/${channelId}/retention`, { body: rule({ message_days: 1 }) });
    expect((await put(id)).code).toBe("invalid_request");
    expect((await put(aside.id)).code).toBe("not_found");
  });

  test("of the instance is a setting of its administrators, told to everybody and in the list of what is kept", async () => {
    await ofInstance({ message_days: 90, file_days: 30, file_mb: 10 });
    const { retention } = await member.get<{ retention: Retention }>("/api/instance");
    expect(retention).toEqual({ message_days: 90, file_days: 30, file_mb: 10 });
    const { lines } = await member.get<{ lines: { kind: string; kept: string; days: number | null }[] }>(
      "/api/me/data",
    );
    const keptOf = (kind: string) => lines.find((line) => line.kind === kind);
    for (const kind of ["messages", "files", "reactions", "mentions", "search"])
      expect(keptOf(kind)).toMatchObject({ kept: "days", days: 90 });
    expect(keptOf("account")).toMatchObject({ kept: "account" });
    const refused = await member.request("PATCH", "/api/instance/settings", { body: { message_days: 1 } });
    expect(refused.code).toBe("forbidden");
  });
});

describe("messages", () => {
  test("that are too old go with files, pins and what the search knows, and stay in a report", async () => {
    const { message, file } = await sendFile("ancient zebra", 10, member);
    await owner.put(`/api/channels/${general}/pins/${message.id}`);
    await owner.post("/api/reports", { message_id: message.id, reason: "not nice", notify: false });
    clock.leap(8 * dayMs);
    await owner.send(general, "young");
    const preview = await owner.get<RetentionPreview>(`/api/servers/${home.id}/retention/preview?message_days=7`);
    // With the line of its pin.
    expect(preview).toEqual({ messages: 2, files: 1, bytes: file.size });
    await ofServer({ message_days: 7 });
    await inTime(async () => expect(await texts(general)).toEqual(["young"]));
    expect((await owner.request("GET", file.file_url)).status).toBe(404);
    expect(await owner.get(`/api/channels/${general}/pins`)).toMatchObject({ messages: [] });
    await inTime(async () => {
      const found = await owner.get<{ hits: unknown[] }>("/api/search?q=zebra");
      expect(JSON.stringify(found)).not.toContain("zebra");
    });
    const reports = await owner.get<{ reports: unknown[] }>(`/api/servers/${home.id}/reports?status=open`);
    expect(JSON.stringify(reports)).toContain("ancient zebra");
  });

  test("go by the strictest of the three rules, also in threads and private conversations", async () => {
    const { id: quick } = await owner.post<{ id: number }>(`/api/servers/${home.id}/channels`, {
      name: "quick",
      type: "text",
    });
    const thread = { name: "aside", archive_after_s: 86_400 };
    const { id: aside } = await owner.post<{ id: number }>(`/api/channels/${quick}/threads`, thread);
    const { id: dm } = await owner.post<{ id: number }>("/api/dms", { user_ids: [member.me.id] });
    const places = [general, quick, aside, dm];
    for (const id of places) await owner.send(id, "twenty");
    clock.leap(10 * dayMs);
    for (const id of places) await owner.send(id, "ten");
    clock.leap(5 * dayMs);
    for (const id of places) await owner.send(id, "five");
    clock.leap(5 * dayMs);
    const present = () => Promise.all(places.map((id) => texts(id)));
    await ofInstance({ message_days: 15 });
    await inTime(async () => expect((await present())[3]).toEqual(["ten", "five"]));
    expect(await present()).toEqual(places.map(() => ["ten", "five"]));
    await ofServer({ message_days: 100 });
    await ofChannel(quick, { message_days: 7 });
    await inTime(async () => expect((await present())[2]).toEqual(["five"]));
    expect(await present()).toEqual([["ten", "five"], ["five"], ["five"], ["ten", "five"]]);
  });

  test("go on going after a restart in the middle", async () => {
    for (let count = 0; count < 90; count += 1) await owner.send(general, `old ${count}`);
    clock.leap(3 * dayMs);
    await owner.send(general, "young");
    await ofServer({ message_days: 2 });
    const left = async () => (await owner.get<History>(`/api/channels/${general}/messages?limit=100`)).messages.length;
    await eventually(async () => {
      clock.advance(20_000);
      expect(await left()).toBeLessThan(91);
    });
    expect(await left()).toBeGreaterThan(1);
    await server.restart();
    await inTime(async () => expect(await texts(general)).toEqual(["young"]));
  });
});

describe("files", () => {
  test("that are too large and too old leave their messages, which say so; others stay", async () => {
    const megabyte = 1_048_576;
    const large = await sendFile("film", 2 * megabyte);
    const small = await sendFile("note", 10);
    const path = `/api/servers/${home.id}/retention/preview?file_days=5&file_mb=1`;
    expect(await owner.get(path)).toEqual({ messages: 0, files: 0, bytes: 0 });
    clock.leap(6 * dayMs);
    const young = await sendFile("new film", 2 * megabyte);
    expect(await owner.get(path)).toEqual({ messages: 0, files: 1, bytes: 2 * megabyte });
    await ofServer({ file_days: 5, file_mb: 1 });
    await inTime(async () => {
      const [film] = await messagesIn(general, member);
      expect(film).toMatchObject({ content: "film", attachments: [], files_removed: 1, is_edited: false });
    });
    expect((await owner.request("GET", large.file.file_url)).status).toBe(404);
    await untilRemoved();
    for (const { file } of [small, young]) expect((await owner.request("GET", file.file_url)).status).toBe(200);
  });
});
