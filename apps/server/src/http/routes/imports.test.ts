import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  importLimits,
  type ImportFiles,
  type ImportList,
  type InstanceImport,
  type InstanceLog,
  type ServerState,
} from "@miscord/protocol";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { makeAdministrator } from "../../admin/accounts.ts";
import { jsonMessage, writeExport } from "../../admin/discord/testing/write-export.ts";
import {
  countsOf,
  filesOf,
  importOf,
  preview,
  runImport,
  sendBytes,
  uploadFiles,
  waitFor,
  writtenFile,
  type ExportPlace,
} from "../../domain/imports/testing/upload-export.ts";
import { eventually } from "../../testing/eventually.ts";
import { openMain } from "../../testing/expressions.ts";
import { TestClient } from "../../testing/test-client.ts";
import { startTestServer, type TestServer } from "../../testing/test-server.ts";

const base = "/api/instance/imports";
let server: TestServer;
let admin: TestClient;
let other: TestClient;
let member: TestClient;
let guildId = 70_000;
let messageId = 800_000;

beforeAll(async () => {
  server = await startTestServer();
  admin = await TestClient.register(server.url, "admin");
  other = await TestClient.register(server.url, "other");
  member = await TestClient.register(server.url, "member");
  for (const name of ["admin", "other"]) await makeAdministrator(server.config, name);
});
afterEach(async () => {
  const { imports } = await admin.get<ImportList>(base);
  for (const { id, status } of imports)
    if (!["done", "cancelled"].includes(status)) await admin.delete(`${base}/${id}`);
});
afterAll(() => server.cleanup());

/** By default of a server of its own. */
function exportFile(messages: readonly unknown[], { guild = String((guildId += 1)), ...place }: ExportPlace = {}) {
  return writtenFile(messages, { guild, ...place });
}

const nextId = () => String((messageId += 1));
const text = (content: string) => jsonMessage(nextId(), { content });

test("none of it is for anybody but administrators, owners of servers among them", async () => {
  await member.createServer("Mine");
  const { id } = await admin.post<InstanceImport>(base);
  const calls: [string, string, unknown?][] = [
    ["GET", base],
    ["POST", base],
    ["POST", `${base}/${id}/files`, { files: [{ path: "a.json", size: 1 }] }],
    ["POST", `${base}/${id}/preview`],
    ["POST", `${base}/${id}/start`, {}],
    ["DELETE", `${base}/${id}`],
    ["POST", `${base}/authors`, { author: "person1", username: "member" }],
  ];
  for (const [method, path, body] of calls) {
    expect(await member.request(method, path, { body }), `${method} ${path}`).toMatchObject({ status: 403 });
    expect(await new TestClient(server.url).request(method, path, { body })).toMatchObject({ status: 401 });
  }
  expect(await sendBytes(member, id, 0, Buffer.from("x"))).toMatchObject({ status: 403 });
  expect(await sendBytes(new TestClient(server.url), id, 0, Buffer.from("x"))).toMatchObject({ status: 401 });
  expect(await member.request("GET", `${base}/${id}`)).toMatchObject({ status: 404 });
});

test("names that lead out of the export, and too many or too large ones, are refused", async () => {
  const { id } = await admin.post<InstanceImport>(base);
  const announce = (files: unknown) => admin.request("POST", `${base}/${id}/files`, { body: { files } });
  const paths = [
    "../a.json",
    "/etc/passwd",
    "a/../../b",
    "a//b",
    "./a",
    "a/.",
    "..",
    "a\\b",
    "a\u0000b",
    "",
    "x".repeat(1_001),
    "\ud800",
  ];
  for (const path of paths) expect(await announce([{ path, size: 1 }]), path).toMatchObject({ status: 400 });
  for (const size of [-1, 1.5, 2 ** 46, "7"])
    expect(await announce([{ path: "a.json", size }])).toMatchObject({ status: 400 });
  const many = Array.from({ length: importLimits.filesPerCall + 1 }, (_, number) => ({ path: `${number}`, size: 1 }));
  expect(await announce(many)).toMatchObject({ status: 400 });
  expect(await announce([{ path: "huge.bin", size: 2 ** 44 }])).toMatchObject({ status: 507 });
  const together = ["a.bin", "b.bin"].map((path) => ({ path, size: importLimits.bytes }));
  expect(await announce(together)).toMatchObject({ status: 413 });
  expect((await importOf(admin, id)).files).toEqual({ count: 0, bytes: 0, received: 0 });
});

test("bytes are taken in their order, once, and no more than were announced", async () => {
  const { id } = await admin.post<InstanceImport>(base);
  const files = [
    { path: "a.json", size: 4 },
    { path: "b.bin", size: 6 },
  ];
  const announce = (body: unknown) => admin.request<ImportFiles>("POST", `${base}/${id}/files`, { body });
  expect((await announce({ files })).body).toEqual({ starts: [0, 4], received: 0 });
  const send = async (at: number, bytes: string) => {
    const answer = await sendBytes(admin, id, at, Buffer.from(bytes));
    return [answer.status, ((await answer.json()) as { received?: number }).received];
  };
  expect(await send(0, "0123456")).toEqual([200, 7]);
  expect(await send(0, "0123456")).toEqual([200, 7]);
  expect(await send(9, "x")).toEqual([200, 7]);
  expect(await send(7, "78901")).toEqual([413, undefined]);
  expect((await send(7, ""))[0]).toBeOneOf([400, 415]);
  expect(await admin.request("POST", `${base}/${id}/preview`)).toMatchObject({ status: 409 });
  expect((await announce({ files: [...files, { path: "c.bin", size: 0 }] })).body).toEqual({
    starts: [0, 4, 10],
    received: 7,
  });
  expect(await announce({ files: [{ path: "a.json", size: 5 }] })).toMatchObject({ status: 409 });
  expect(await send(7, "789")).toEqual([200, 10]);
  const form = await admin.request("PUT", `${base}/${id}/bytes?at=10`, { body: { x: 1 } });
  expect(form.status).toBe(415);
  await admin.post(`${base}/${id}/preview`);
  await eventually(async () => expect((await importOf(admin, id)).fault).toBe("no_exports"));
  expect(await send(10, "x")).toEqual([409, undefined]);
});

test("one import is open at a time, each step is for its state only, and start and end are in the log", async () => {
  const file = exportFile([text("one")]);
  const { id } = await uploadFiles(admin, [file]);
  expect(await other.request("POST", base)).toMatchObject({ status: 409 });
  expect(await admin.request("POST", `${base}/${id}/start`, { body: {} })).toMatchObject({ status: 409 });
  expect(await preview(admin, id)).toMatchObject({ progress: { total: 1 }, fault: null, report: null });
  expect(await admin.request("POST", `${base}/${id}/preview`)).toMatchObject({ status: 409 });
  await admin.post(`${base}/${id}/start`);
  await waitFor(admin, id, "done");
  expect(await admin.request("POST", `${base}/${id}/start`, { body: {} })).toMatchObject({ status: 409 });
  expect(await admin.request("DELETE", `${base}/${id}`)).toMatchObject({ status: 409 });
  expect(await admin.request("DELETE", `${base}/unknown`)).toMatchObject({ status: 404 });
  const { id: next } = await other.post<InstanceImport>(base);
  await admin.delete(`${base}/${next}`);
  const { entries } = await admin.get<InstanceLog>("/api/instance/log?limit=2");
  expect(entries.map(({ action, actor }) => [action, actor.username])).toEqual([
    ["import_cancel", "admin"],
    ["import_start", "admin"],
  ]);
});

test("a new server appears for its owner when it is whole, and administrators hear of each step", async () => {
  const [mine, theirs] = [await openMain(admin), await openMain(other)];
  const media = { path: "Old/general.json_Files/note.txt", bytes: Buffer.from("a note") };
  const file = exportFile([
    jsonMessage(nextId(), {
      content: "with files",
      attachments: [
        "general.json_Files/note.txt",
        "../Old/general.json_Files/note.txt",
        "../../note.txt",
        "/Old/x",
      ].map((url, number) => ({ id: `${number}`, url, fileName: `${number}.txt` })),
    }),
  ]);
  const { report, server_id: serverId } = await runImport(admin, [media, file]);
  await theirs.next("imports_changed");
  const { server: told } = await mine.next("server_joined");
  const state = await admin.get<ServerState>(`/api/servers/${serverId}`);
  expect(told).toEqual(state);
  const { messages } = await admin.get<{ messages: { attachments: { id: number; filename: string }[] }[] }>(
    `/api/channels/${state.channels[0]!.id}/messages`,
  );
  const [kept, twice] = messages[0]!.attachments;
  expect([kept!.filename, twice!.filename, messages[0]!.attachments.length]).toEqual(["0.txt", "1.txt", 2]);
  expect((await admin.request("GET", `/api/attachments/${kept!.id}`)).body).toBe("a note");
  expect(countsOf(report!.lost)).toEqual({ noMedia: 2 });
});

test("an import that is cancelled writes nothing more, and a later one goes on with what it has made", async () => {
  const folder = mkdtempSync(join(tmpdir(), "miscord-cancelled-"));
  const [general] = await writeExport(folder, 1_500, 5);
  const files = filesOf(folder);
  rmSync(folder, { recursive: true });
  const { id } = await uploadFiles(admin, files);
  await preview(admin, id);
  await admin.post(`${base}/${id}/start`);
  await eventually(async () => expect((await importOf(admin, id)).progress.done).toBeGreaterThan(50));
  await admin.delete(`${base}/${id}`);
  const cancelled = await importOf(admin, id);
  expect(cancelled.status).toBe("cancelled");
  await eventually(async () => expect((await importOf(admin, id)).server_id).not.toBeNull());
  const { server_id: serverId } = await importOf(admin, id);
  const before = await admin.get<ServerState>(`/api/servers/${serverId}`);
  const sum = ({ channels, threads }: ServerState) =>
    [...channels, ...threads!].reduce((all, one) => all + one.last_message_seq, 0);
  expect(countsOf(cancelled.report!.made)["messages"]).toBe(sum(before));
  await runImport(admin, files);
  const { channels } = await admin.get<ServerState>(`/api/servers/${serverId}`);
  expect(channels.find(({ name }) => name === "general")!.last_message_seq).toBe(general!.messages.length);
});

test("an export that went into somebody else's server, and exports of two servers, are refused", async () => {
  const guild = String((guildId += 1));
  const file = exportFile([text("one")], { guild });
  await runImport(admin, [file]);
  const foreign = await uploadFiles(other, [file]);
  expect(await preview(other, foreign.id)).toMatchObject({ fault: "other_owner", preview: { server_id: null } });
  expect(await other.request("POST", `${base}/${foreign.id}/start`, { body: {} })).toMatchObject({ status: 409 });
  await other.delete(`${base}/${foreign.id}`);
  const two = await uploadFiles(admin, [file, exportFile([text("two")], { path: "other.json" })]);
  await admin.post(`${base}/${two.id}/preview`);
  await eventually(async () =>
    expect(await importOf(admin, two.id)).toMatchObject({ status: "failed", fault: "several_servers" }),
  );
  await admin.delete(`${base}/${two.id}`);
});

test("what an author wrote in Discord is given to an account here, once, and the log of the instance says so", async () => {
  await runImport(admin, [exportFile([text("one"), text("two")])]);
  const claim = (author: string, username: string) =>
    admin.request(`POST`, `${base}/authors`, { body: { author, username } });
  const refused = (status: number, details: unknown) => ({ status, body: { error: { details } } });
  expect(await claim("person1", "nobody")).toMatchObject(refused(404, { reason: "no_user" }));
  expect(await claim("nobody", "member")).toMatchObject(refused(404, { reason: "no_author" }));
  expect((await claim("", "member")).status).toBe(400);
  const { status, body } = await claim("person1", "MEMBER");
  expect([status, body]).toMatchObject([200, { username: "member" }]);
  expect(await claim("person1", "other")).toMatchObject(refused(409, { reason: "claimed", names: "member" }));
  const { entries } = await admin.get<InstanceLog>("/api/instance/log");
  expect(entries[0]).toMatchObject({
    action: "import_claim",
    user: { username: "member" },
    actor: { username: "admin" },
  });
});
