import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Message, ServerState } from "@miscord/protocol";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Store } from "../../store/contract.ts";
import { eventually } from "../../testing/eventually.ts";
import { startPostgres, type TestPostgres } from "../../testing/postgres.ts";
import { serverScript } from "../../testing/server-script.ts";
import { TestClient } from "../../testing/test-client.ts";
import { startTestServer, type TestServer } from "../../testing/test-server.ts";
import { withStore } from "../open-store.ts";
import { writeExport, type WrittenChannel } from "./testing/write-export.ts";

/** 3,000 in a normal run, 100,000 in the long one. */
const count = Number(process.env["IMPORT_MESSAGES"] ?? 3_000);
const patience = 180_000 + count * 10;
const script = serverScript("admin");

interface Run {
  /** Null: it was killed. */
  code: number | null;
  stdout: string;
  stderr: string;
}

describe.each(["SQLite", "PostgreSQL"])("an import from Discord into %s", (database) => {
  let postgres: TestPostgres | undefined;
  let server: TestServer;
  let ann: TestClient;
  let folder: string;
  let written: WrittenChannel[];
  let killed: Run;
  let whole: Run;

  beforeAll(async () => {
    if (database === "PostgreSQL") postgres = await startPostgres();
    server = await startTestServer(postgres ? { databaseUrl: postgres.createDatabase() } : {});
    ann = await TestClient.register(server.url, "ann");
    folder = mkdtempSync(join(tmpdir(), "miscord-export-"));
    written = await writeExport(folder, count, 7);
    await server.stop();
    // Killed while it works on the second part of a channel, then left alone.
    killed = await run(["general", Math.floor(count * 0.5)]);
    whole = await run();
  }, patience);
  afterAll(async () => {
    await server.cleanup();
    rmSync(folder, { recursive: true });
    postgres?.dispose();
  });

  const env = () => ({
    PATH: process.env["PATH"],
    ...(server.config.databaseUrl !== undefined && { DATABASE_URL: server.config.databaseUrl }),
  });

  /** `killAt`: once the process says that so many messages of a channel are done. */
  async function run(killAt?: [channel: string, done: number]): Promise<Run> {
    const args = ["--disable-warning=ExperimentalWarning", script, "--data", server.config.dataDir];
    const child = spawn(process.execPath, [...args, "import-discord", folder, "--owner", "ann"], { env: env() });
    const [stdout, stderr] = [[] as string[], [] as string[]];
    child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => {
      stderr.push(chunk.toString());
      for (const [, name, done] of chunk.toString().matchAll(/\u2068(.+)\u2069: (\d+)/g)) {
        if (killAt && name === killAt[0] && Number(done) >= killAt[1]) child.kill("SIGKILL");
      }
    });
    const [code] = (await once(child, "close")) as [number | null];
    return { code, stdout: stdout.join(""), stderr: stderr.join("") };
  }

  const inStore = <Value>(work: (store: Store) => Promise<Value>) => withStore(server.config, work);

  async function messagesOf(store: Store, channel: WrittenChannel): Promise<Message[]> {
    const { local_id: id } = await store.db
      .selectFrom("discord_items")
      .where("kind", "=", "channel")
      .where("discord_id", "=", channel.id)
      .select("local_id")
      .executeTakeFirstOrThrow();
    const messages: Message[] = [];
    for (;;) {
      const before = messages[0] && { before: messages[0].id };
      const page = await store.log.history(id, { limit: 1_000, ...before });
      messages.unshift(...page.messages);
      if (page.messages.length === 1_000) continue;
      expect(messages.map(({ seq }) => seq)).toEqual(Array.from({ length: page.seq }, (_, index) => index + 1));
      return messages;
    }
  }

  test(
    "that was killed in between stands once, whole and in order",
    async () => {
      expect([killed.code, whole.code]).toEqual([null, 0]);
      await inStore(async (store) => {
        for (const channel of written) {
          const messages = await messagesOf(store, channel);
          const contents = new Map(messages.map(({ id, content }) => [id, content]));
          const originals = new Map(channel.messages.map(({ id, content }) => [id, content]));
          expect(messages.map((message) => seen(message, contents))).toEqual(
            channel.messages.map((message) => expected(message, originals)),
          );
        }
      });
      expect(whole.stdout).toMatch(/messages +\d+/);
    },
    patience,
  );

  test(
    "changes nothing when it is repeated",
    async () => {
      const before = await inStore(rows);
      const again = await run();
      expect(again.code).toBe(0);
      expect(again.stdout).toContain("This run made:\n  nothing that was not there");
      expect(await inStore(rows)).toEqual(before);
    },
    patience,
  );

  test(
    "is refused while the server runs, and shows, finds and sends files then",
    async () => {
      const starter = (await inStore((store) => messagesOf(store, written[0]!)))[5]!;
      await server.restart();
      const refused = await run();
      expect(refused).toMatchObject({ code: 1, stderr: expect.stringMatching(/Another/) });
      const { servers } = await ann.get<{ servers: ServerState[] }>("/api/servers");
      const state = servers.find(({ name }) => name === "Old Home");
      const shown = state!.channels.map(({ name, type, category_id: id }) => [name, type, id !== null]);
      expect(new Set(shown)).toEqual(
        new Set([
          ["Talk", "category", false],
          ["general", "text", true],
          ["news", "text", true],
          ["Lounge", "voice", true],
          ["Lounge", "text", true],
          ["questions", "forum", false],
        ]),
      );
      expect(state!.roles.map(({ name, color, permissions }) => [name, color, permissions])).toContainEqual([
        "Crew",
        "#ff8800",
        0,
      ]);
      expect(state!.channels.every((channel) => channel.read_seq === channel.last_message_seq)).toBe(true);
      const general = state!.channels.find(({ name }) => name === "general")!;
      const { id: starterId, content } = starter;
      const { messages } = await ann.get<{ messages: Message[] }>(
        `/api/channels/${general.id}/messages?around=${starterId}`,
      );
      expect(messages.find(({ id }) => id === starterId)).toMatchObject({ content, thread: { name: "side talk" } });
      const forum = state!.channels.find(({ type }) => type === "forum")!;
      const { posts } = await ann.get<{ posts: { name: string }[] }>(`/api/channels/${forum.id}/posts`);
      expect(posts.map(({ name }) => name)).toEqual(["How to?"]);
      const file = await fileOf(server, "file 9.txt");
      expect((await ann.request("GET", file)).body).toBe("bytes of file 9.txt");
      await eventually(async () => {
        const found = await ann.get(`/api/search?q=${encodeURIComponent('"message 17"')}`);
        expect(JSON.stringify(found)).toContain("message 17");
      });
      const next = await ann.send(general.id, "here we go on");
      expect(next.seq).toBe(general.last_message_seq + 1);
      await server.stop();
    },
    patience,
  );
});

function seen(message: Message, contents: ReadonlyMap<number, string>) {
  return {
    content: message.content,
    at: Date.parse(message.timestamp),
    editedAt: message.edited_at === null ? null : Date.parse(message.edited_at),
    author: message.author.display_name,
    replyTo: message.reply_to === null ? null : contents.get(message.reply_to.id),
    isPinned: message.pinned_at !== undefined,
    thumbs: message.reactions.map(({ emoji, count: times }) => [emoji, times]),
    files: message.attachments.map(({ filename, content_type: type }) => [filename, type]),
  };
}

function expected(message: WrittenChannel["messages"][number], contents: ReadonlyMap<string, string>) {
  const { content, at, editedAt, authorId, replyTo, isPinned, thumbs, file } = message;
  return {
    content,
    at,
    editedAt,
    author: `Person ${Number(authorId) - 3_000}`,
    replyTo: replyTo === null ? null : contents.get(replyTo),
    isPinned,
    thumbs: thumbs.length > 0 ? [["👍", thumbs.length]] : [],
    files: file === null ? [] : [[file, "text/plain"]],
  };
}

/** How many rows there are of everything that an import makes. */
async function rows({ db }: Store) {
  const tables = [
    "servers",
    "channels",
    "messages",
    "users",
    "roles",
    "reactions",
    "attachments",
    "discord_items",
  ] as const;
  const counts = [];
  for (const table of tables) {
    const { count: number } = await db
      .selectFrom(table as "users")
      .select(({ fn }) => fn.countAll<number | string>().as("count"))
      .executeTakeFirstOrThrow();
    counts.push([table, Number(number)]);
  }
  return counts;
}

async function fileOf(server: TestServer, filename: string): Promise<string> {
  const row = await withStore(server.config, ({ db }) =>
    db.selectFrom("attachments").where("filename", "=", filename).select(["id", "filename"]).executeTakeFirstOrThrow(),
  );
  return `/api/attachments/${row.id}/${encodeURIComponent(row.filename)}`;
}
