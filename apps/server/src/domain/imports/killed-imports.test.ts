import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { History, InstanceImport, Message, ServerState } from "@miscord/protocol";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeAdministrator } from "../../admin/accounts.ts";
import { jsonFile, jsonMessage, writeExport, type WrittenChannel } from "../../admin/discord/testing/write-export.ts";
import { withStore } from "../../admin/open-store.ts";
import { eventually } from "../../testing/eventually.ts";
import { startPostgres, type TestPostgres } from "../../testing/postgres.ts";
import { startServerProcess, type ServerProcess } from "../../testing/server-process.ts";
import { TestClient } from "../../testing/test-client.ts";
import { testConfig } from "../../testing/test-server.ts";
import { countsOf, filesOf, importOf, preview, sendBytes, uploadFiles, waitFor } from "./testing/upload-export.ts";

const count = 300;
const base = "/api/instance/imports";
const relaxed = { RATE_REQUESTS: "10000/s", RATE_CHANGES: "10000/s", RATE_LOGINS: "1000/s" };

describe.each(["SQLite", "PostgreSQL"])("an import in a server with %s that is killed in between", (database) => {
  let postgres: TestPostgres | undefined;
  let server: ServerProcess;
  let ann: TestClient;
  let folder: string;
  let written: WrittenChannel[];
  let first: InstanceImport;
  let databaseUrl: string | undefined;

  beforeAll(async () => {
    if (database === "PostgreSQL") postgres = await startPostgres();
    databaseUrl = postgres?.createDatabase();
    server = await startServerProcess({ ...relaxed, ...(databaseUrl !== undefined && { DATABASE_URL: databaseUrl }) });
    ann = await TestClient.register(server.url, "ann");
    await makeAdministrator(config(), "ann");
    folder = mkdtempSync(join(tmpdir(), "miscord-upload-"));
    written = await writeExport(folder, count, 11);
    await writeParty(folder);
  });
  afterAll(async () => {
    await server.dispose();
    rmSync(folder, { recursive: true });
    postgres?.dispose();
  });

  const config = () => ({ ...testConfig(), dataDir: server.dataDir, databaseUrl });
  const rows = () =>
    withStore(config(), async ({ db }) => {
      const tables = [
        "messages",
        "channels",
        "users",
        "roles",
        "reactions",
        "emojis",
        "stickers",
        "discord_items",
      ] as const;
      const counts: [string, number][] = [];
      for (const table of tables) {
        const row = await db
          .selectFrom(table as "users")
          .select(({ fn }) => fn.countAll<number | string>().as("count"))
          .executeTakeFirstOrThrow();
        counts.push([table, Number(row.count)]);
      }
      return counts;
    });

  async function killAndStart(): Promise<void> {
    await server.kill("SIGKILL");
    await server.start();
    ann = await TestClient.logIn(server.url, "ann");
  }

  /** Kills the server once the import has come so far. */
  async function killAt(id: string, done: number): Promise<void> {
    await eventually(async () => {
      const { progress, status } = await importOf(ann, id);
      expect(["running", "done"]).toContain(status);
      expect(progress.done).toBeGreaterThanOrEqual(done);
    });
    await killAndStart();
  }

  async function historyOf(channelId: number): Promise<Message[]> {
    const messages: Message[] = [];
    for (;;) {
      const before = messages[0] ? `&before=${messages[0].id}` : "";
      const page = await ann.get<History>(`/api/channels/${channelId}/messages?limit=100${before}`);
      messages.unshift(...page.messages);
      if (!page.has_more) return messages;
    }
  }

  test("goes on where it was, stands once, whole and in order, and reports each thing once", async () => {
    const files = filesOf(folder);
    const made = await uploadFiles(ann, files, 60_000);
    await killAndStart();
    const { received, bytes } = (await importOf(ann, made.id)).files;
    expect([received, bytes]).toEqual([bytes, bytes]);
    const found = await preview(ann, made.id);
    expect(countsOf(found.preview!.report.made)).toMatchObject({
      channels: 4,
      threadsAndPosts: 2,
      emojis: 2,
      stickers: 1,
    });
    await ann.post(`${base}/${made.id}/start`, { name: "New home" });
    await killAt(made.id, 50);
    await killAt(made.id, Math.floor(count * 0.6));
    await waitFor(ann, made.id, "done");
    await eventually(async () => expect((await importOf(ann, made.id)).server_id).not.toBeNull());
    first = await importOf(ann, made.id);

    const { servers } = await ann.get<{ servers: ServerState[] }>("/api/servers");
    const home = servers.find(({ name }) => name === "New home")!;
    const general = home.channels.find(({ name }) => name === "general")!;
    const messages = await historyOf(general.id);
    expect(messages.map(({ content }) => content)).toEqual(written[0]!.messages.map(({ content }) => content));
    expect(messages.map(({ seq }) => seq)).toEqual(messages.map((_, place) => place + 1));
    expect(home.channels.every((channel) => channel.read_seq === channel.last_message_seq)).toBe(true);
    const all = written.reduce((sum, channel) => sum + channel.messages.length, 0);
    expect(countsOf(first.report!.made)).toMatchObject({
      servers: 1,
      messages: all + 3,
      emojis: 1,
      stickers: 1,
      threads: 1,
    });
    expect(countsOf(first.report!.lost)).toEqual({
      systemLines: 1,
      unreadableMessages: 1,
      vectorStickers: 1,
      noMedia: 1,
      unreadablePictures: 1,
    });

    const party = home.channels.find(({ name }) => name === "party")!;
    const [wave, sticker] = await historyOf(party.id);
    const [emoji] = home.emojis!;
    expect(emoji).toMatchObject({ name: "wave" });
    expect(wave).toMatchObject({ content: `hi <:wave:${emoji!.id}> :broken:` });
    expect(wave!.reactions.map(({ emoji: mark }) => mark)).toEqual([`<:wave:${emoji!.id}>`]);
    expect(sticker).toMatchObject({ content: ":Big cat:", sticker: { name: "Big cat" } });
  });

  test("leaves nothing of what was uploaded, and changes nothing when it is repeated", async () => {
    const parts = () => withStore(config(), ({ db }) => db.selectFrom("import_parts").selectAll().execute());
    await eventually(async () => expect(await parts()).toEqual([]));
    const before = await rows();
    const again = await uploadFiles(ann, filesOf(folder));
    expect((await preview(ann, again.id)).preview).toMatchObject({
      server: expect.stringContaining("Old Home"),
      server_id: first.server_id,
    });
    await ann.post(`${base}/${again.id}/start`);
    const { report } = await waitFor(ann, again.id, "done");
    expect(report!.made).toEqual([]);
    expect(await rows()).toEqual(before);
    await eventually(async () => expect(await parts()).toEqual([]));
    const wanted = await withStore(config(), async ({ db }) => [
      ...(await db.selectFrom("attachments").select("storage_key as key").execute()),
      ...(await db.selectFrom("pictures").select("id as key").execute()),
    ]);
    const kept = () => readdirSync(join(server.dataDir, "uploads"), { recursive: true, withFileTypes: true });
    // Files of batches that were cut off are left to the sweep of unfinished uploads.
    const unfinished = await withStore(config(), ({ db }) => db.selectFrom("removed_files").selectAll().execute());
    const files = kept().filter((entry) => entry.isFile());
    expect(files.length).toBeLessThanOrEqual(wanted.length + unfinished.length);
    await expect(sendBytes(ann, again.id, 0, Buffer.from("x"))).resolves.toMatchObject({ status: 409 });
  });
});

/** A channel with emoji and stickers: some with pictures, others that have no place. */
async function writeParty(folder: string): Promise<void> {
  const media = "party.json_Files";
  mkdirSync(join(folder, media));
  const picture = await sharp({ create: { width: 300, height: 200, channels: 3, background: "#40c080" } })
    .png()
    .toBuffer();
  writeFileSync(join(folder, media, "wave.png"), picture);
  writeFileSync(join(folder, media, "cat.png"), picture);
  writeFileSync(join(folder, media, "broken.png"), "no picture");
  const wave = { id: "7001", name: "wave", code: "wave", isAnimated: false, imageUrl: `${media}/wave.png` };
  const broken = { ...wave, id: "7002", name: "broken", imageUrl: `${media}/broken.png` };
  const sticker = { id: "8001", name: "Big cat", format: "Png", sourceUrl: `${media}/cat.png` };
  const vector = { id: "8002", name: "Dancer", format: "Lottie", sourceUrl: `${media}/dancer.json` };
  const author = { id: "3001", name: "person1", nickname: "Person 1" };
  const messages = [
    // Read once, however often the import goes on.
    jsonMessage("900000000000000000", { type: "GuildMemberJoin", content: "Joined the server." }),
    { id: "no message" },
    jsonMessage("900000000000000001", {
      content: "hi <:wave:7001> <:broken:7002>",
      inlineEmojis: [wave, broken],
      reactions: [{ emoji: wave, count: 1, users: [author] }],
    }),
    jsonMessage("900000000000000002", { content: "", stickers: [sticker] }),
    jsonMessage("900000000000000003", {
      content: "",
      stickers: [vector],
      attachments: [{ id: "1", url: "https://cdn.example/gone.png", fileName: "gone.png" }],
    }),
  ];
  const file = jsonFile({ id: "5999", name: "party", category: "", categoryId: null }, messages);
  writeFileSync(join(folder, "party.json"), JSON.stringify(file));
}
