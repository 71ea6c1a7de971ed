import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import type { Message } from "@miscord/protocol";
import { TestClient } from "../../testing/test-client.ts";
import { startTestServer, type TestServer } from "../../testing/test-server.ts";
import { claimAuthor } from "../claim-author.ts";
import { importDiscord } from "../import-discord.ts";
import { withStore } from "../open-store.ts";
import { jsonFile, jsonMessage, type ExportedJson } from "./testing/write-export.ts";

let server: TestServer;
let folder: string;
let guildId = 1_000;
let channelId = 50_000;
let messageId = 900_000;

beforeAll(async () => {
  server = await startTestServer();
  await TestClient.register(server.url, "ann");
  await TestClient.register(server.url, "bob");
  await server.stop();
});
afterAll(() => server.cleanup());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "miscord-hostile-"));
  guildId += 1;
  channelId += 10;
});
afterEach(() => rmSync(folder, { recursive: true }));

const nextId = () => String((messageId += 1));
const run = (options: { preview?: boolean; server?: string } = {}) =>
  importDiscord(server.config, folder, { owner: "ann", ...options }, () => {});

function write(name: string, messages: readonly unknown[], channel: ExportedJson = {}): void {
  const file = jsonFile({ id: String(channelId), ...channel }, messages);
  writeText(name, JSON.stringify({ ...file, guild: { id: String(guildId), name: "Somewhere" } }));
}

const writeText = (name: string, text: string | Buffer) => writeFileSync(join(folder, name), text);

/** What stands in the channel of that id in Discord. */
function standing(discordId = String(channelId)): Promise<Message[]> {
  return withStore(server.config, async ({ db, log }) => {
    const items = await db.selectFrom("discord_items").where("discord_id", "=", discordId).selectAll().execute();
    const item = items.find(({ kind }) => kind === "channel");
    return item ? ((await log.changesSince(item.local_id, 0, 1_000)).changes ?? []) : [];
  });
}

test("files that are no exports are named, and the others imported", async () => {
  write("fine.json", [jsonMessage(nextId(), { content: "fine" })]);
  writeText("empty.json", "");
  writeText("text.json", "no JSON at all");
  writeText("list.json", "[1, 2, 3]");
  writeText("guild.json", JSON.stringify({ guild: { id: "../../etc", name: 7 }, channel: {}, messages: [] }));
  writeText("deep.json", "[".repeat(200_000));
  writeText("bytes.json", Buffer.from([0xff, 0xfe, 0x00, 0x7b]));
  const text = await run();
  expect(text).toContain("files that are no exports: 6");
  expect((await standing()).map(({ content }) => content)).toEqual(["fine"]);
});

test("of a file that is cut off everything before the cut is imported, and the rest with the whole file", async () => {
  const messages = [1, 2, 3].map((number) => jsonMessage(nextId(), { content: `number ${number}` }));
  const whole = JSON.stringify({
    ...jsonFile({ id: String(channelId) }, messages),
    guild: { id: String(guildId), name: "x" },
  });
  writeText("cut.json", whole.slice(0, whole.indexOf("number 3")));
  expect(await run()).toContain("it ends in the middle");
  expect((await standing()).map(({ content }) => content)).toEqual(["number 1", "number 2"]);
  writeText("cut.json", whole);
  await run();
  expect((await standing()).map(({ content }) => content)).toEqual(["number 1", "number 2", "number 3"]);
});

test("messages of wrong types are left out, and parts of wrong types with them", async () => {
  write("types.json", [
    null,
    7,
    "text",
    [],
    {},
    jsonMessage("-1"),
    jsonMessage("1e5"),
    jsonMessage(nextId(), { timestamp: "yesterday" }),
    jsonMessage(nextId(), { author: { id: 5 } }),
    jsonMessage(nextId(), {
      content: "stays",
      timestampEdited: {},
      isPinned: "yes",
      attachments: "none",
      embeds: [null, { fields: 3 }],
      reactions: [{ emoji: null }, { emoji: { id: "", name: "👍" }, count: -4, users: [{ id: "x" }] }],
      mentions: { id: 1 },
      reference: "that one",
      ["__proto__"]: { isPinned: true },
    }),
  ]);
  expect(await run()).toContain("messages that cannot be read: 9");
  const [message, ...others] = await standing();
  expect(others).toEqual([]);
  expect(message).toMatchObject({ content: "stays", edited_at: null, reactions: [], reply_to: null, attachments: [] });
});

test("files outside of the export's folder are not read, whatever a path or a link says", async () => {
  const secret = join(mkdtempSync(join(tmpdir(), "miscord-secret-")), "secret.txt");
  writeFileSync(secret, "a secret");
  symlinkSync(secret, join(folder, "link.txt"));
  writeText("inside.txt", "inside");
  mkdirSync(join(folder, "sub"));
  const urls = [
    secret,
    `../${secret.split("/").slice(-2).join("/")}`,
    "link.txt",
    ".",
    "sub",
    "",
    "\0",
    `file://${secret}`,
    "https://cdn.example/x",
  ];
  write(
    "paths.json",
    [...urls, "sub/../inside.txt", ".\\inside.txt"].map((url) =>
      jsonMessage(nextId(), { content: "file", attachments: [{ url, fileName: "../../a/b\u202Egnp.txt" }] }),
    ),
  );
  expect(await run()).toContain(`files that do not lie in the folder: export with --media: ${urls.length}`);
  const files = (await standing()).map(({ attachments }) => attachments.map(({ filename }) => filename));
  expect(files).toEqual([...urls.map(() => []), ["bgnp.txt"], ["bgnp.txt"]]);
});

test("absurdly long texts are cut and a value without end ends the file", async () => {
  write("long.json", [
    jsonMessage(nextId(), {
      content: "x".repeat(100_000),
      author: { id: "77", name: "n".repeat(10_000), isBot: true },
    }),
    jsonMessage(nextId(), { content: "a \u0000 and \ud800" }),
    jsonMessage(nextId(), { content: "before the end" }),
    jsonMessage(nextId(), { content: "y".repeat(9_000_000) }),
  ]);
  const text = await run();
  expect(text).toContain("messages longer than 5000 characters, which were cut: 1");
  expect(text).toContain("it has a value that is too large");
  const messages = await standing();
  expect(messages.map(({ content }) => content.length)).toEqual([5_000, 9, 14]);
  expect(messages[0]!.author.display_name).toHaveLength(48);
  expect(messages[1]!.content).toBe("a \u{FFFD} and \u{FFFD}");
});

test("a message that is there twice stands once, in one file and in several", async () => {
  const twice = nextId();
  write("a.json", [jsonMessage(twice, { content: "first" }), jsonMessage(twice, { content: "second" })]);
  write("b.json", [jsonMessage(twice, { content: "third" })]);
  write("c.json", [jsonMessage(twice, { content: "fourth" })], { id: String(channelId + 1), name: "other" });
  await run();
  expect((await standing()).map(({ content }) => content)).toEqual(["first"]);
  expect(await standing(String(channelId + 1))).toEqual([]);
});

test("what has no place is left out and said", async () => {
  write("dm.json", [jsonMessage(nextId())], { type: "DirectTextChat" });
  write("private.json", [jsonMessage(nextId())], { id: String(channelId + 1), type: "GuildPrivateThread" });
  write("reverse.json", [jsonMessage("999999999"), jsonMessage("999999998")], { id: String(channelId + 2) });
  write(
    "fine.json",
    [
      jsonMessage(nextId(), { type: "GuildMemberJoin", content: "Joined the server." }),
      jsonMessage(nextId(), {
        content: "hi <:wave:123> <@3001>",
        mentions: [{ id: "3001", name: "bob", nickname: "Bob" }],
      }),
      jsonMessage(nextId(), {
        content: "",
        author: { id: "88", name: "robot", isBot: true },
        embeds: [
          {
            title: "News",
            url: "javascript:alert(1)",
            color: "#00FF00",
            fields: [{ name: "a", value: "b", isInline: true }],
          },
        ],
        reactions: [
          { emoji: { id: "9", name: "party" }, count: 2, users: [] },
          { emoji: { id: "", name: "❤" }, count: 3, users: [] },
        ],
      }),
    ],
    { id: String(channelId + 3) },
  );
  const text = await run();
  for (const line of [
    "private conversations, which belong to their people: 1",
    "private threads: threads here are seen by all who see the channel: 1",
    "files with the newest message first: export without --reverse: 1",
    "lines that are no messages, such as joins and calls: 1",
    "reactions with custom emoji: 2",
    "reactions of people whom the export does not name: 3",
  ])
    expect(text).toContain(line);
  const [greeting, news] = await standing(String(channelId + 3));
  expect(greeting!.content).toBe("hi :wave: @Bob");
  expect(news!.embeds).toEqual([{ title: "News", color: 0x00ff00, fields: [{ name: "a", value: "b", inline: true }] }]);
});

test("a preview writes nothing, and exports of two servers are refused", async () => {
  write("fine.json", [jsonMessage(nextId())]);
  expect(await run({ preview: true })).toMatch(/would be imported\. Nothing was written\.[^]+messages +1/);
  expect(await standing()).toEqual([]);
  guildId += 1;
  write("other.json", [jsonMessage(nextId())]);
  await expect(run()).rejects.toThrow("holds exports of several servers");
});

test("new channels of a server that others are in are hidden from them", async () => {
  const serverId = await withStore(server.config, async ({ db }) => {
    const { id } = await db
      .insertInto("servers")
      .values({ name: "Home", owner_id: 1, created_at: 0 })
      .returning("id")
      .executeTakeFirstOrThrow();
    const { id: roleId } = await db
      .insertInto("roles")
      .values({ server_id: id, name: "everyone", color: null, permissions: 1_024, position: 0, created_at: 0 })
      .returning("id")
      .executeTakeFirstOrThrow();
    await db.updateTable("servers").set({ everyone_role_id: roleId }).where("id", "=", id).execute();
    for (const user_id of [1, 2])
      await db.insertInto("members").values({ server_id: id, user_id, joined_at: 0, timed_out_until: null }).execute();
    return id;
  });
  write("fine.json", [jsonMessage(nextId())], { name: "hidden room" });
  expect(await run({ server: String(serverId) })).toContain("seen by nobody but those who see everything");
  const row = await withStore(server.config, ({ db }) =>
    db.selectFrom("channels").where("name", "=", "hidden room").select(["server_id", "restricted"]).executeTakeFirst(),
  );
  expect(row).toEqual({ server_id: serverId, restricted: 1 });
  await expect(run({ server: "99999" })).rejects.toThrow(`went into the server ${serverId} before`);
});

test("an author's messages are given to whoever claims them, later ones too", async () => {
  const author = { id: "5555", name: "old.bob", nickname: "Bobby" };
  write("a.json", [jsonMessage(nextId(), { author })]);
  await run();
  expect((await standing())[0]!.author).toMatchObject({ display_name: "Bobby", username: "discord:5555" });
  expect(await claimAuthor(server.config, "old.bob", "BOB")).toBe(
    "bob has the 1 messages of old.bob now, and those that are imported later.",
  );
  write("b.json", [jsonMessage(nextId(), { author })]);
  await run();
  expect((await standing()).map(({ author: { username } }) => username)).toEqual(["bob", "bob"]);
  await expect(claimAuthor(server.config, "old.bob", "ann")).rejects.toThrow("bob has the messages of old.bob.");
  await expect(claimAuthor(server.config, "nobody", "ann")).rejects.toThrow("No author nobody was imported.");
  await server.restart();
  const { status } = await new TestClient(server.url).request("POST", "/api/auth/login", {
    body: { username: "discord:5555", password: "" },
  });
  expect(status).toBeGreaterThanOrEqual(400);
  await server.stop();
});

test("a claim of thousands of messages that came to no end goes on with the next one, for the same person only", async () => {
  const author = { id: "6666", name: "old.carl" };
  const written = Array.from({ length: 1_200 }, () => jsonMessage(nextId(), { author }));
  write("a.json", written);
  await run();
  await withStore(server.config, async ({ db }) => {
    const bob = await db.selectFrom("users").where("username", "=", "bob").select("id").executeTakeFirstOrThrow();
    const change = db.updateTable("discord_authors").set({ user_id: bob.id });
    await change.where("discord_id", "=", author.id).execute();
  });
  await expect(claimAuthor(server.config, author.name, "ann")).rejects.toThrow("bob has the messages of old.carl.");
  expect(await claimAuthor(server.config, author.name, "bob")).toContain("bob has the 1200 messages of old.carl");
  await expect(claimAuthor(server.config, author.name, "bob")).rejects.toThrow("bob has the messages of old.carl.");
});
