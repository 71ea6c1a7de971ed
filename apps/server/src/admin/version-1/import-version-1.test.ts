import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Message, ServerState } from "@miscord/protocol";
import { hashSync } from "bcryptjs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startPostgres, type TestPostgres } from "../../testing/postgres.ts";
import { serverScript } from "../../testing/server-script.ts";
import { TestClient } from "../../testing/test-client.ts";
import { startTestServer, type TestServer } from "../../testing/test-server.ts";
import { withStore } from "../open-store.ts";

const count = 1_200;
const password = "old and good";
const hash = hashSync(password, 4);
const awkward = "tab\tbackslash \\N quote ' line\nnext \u2028 end";

const schema = `
  create table users (id serial primary key, username text, email text, hashed_password text, display_name text,
    is_active boolean default true, created_at timestamp default '2024-01-02 03:04:05.678');
  create table servers (id serial primary key, name text, owner_id int, created_at timestamptz default now());
  create table server_members (id serial primary key, server_id int, user_id int);
  create table text_channels (id serial primary key, name text, server_id int, "order" int);
  create table voice_channels (id serial primary key, name text, server_id int, "order" int);
  create table messages (id serial primary key, content text, "timestamp" timestamp, author_id int, text_channel_id int,
    is_deleted boolean default false, edited_at timestamp, reply_to_id int);
  create table attachments (id serial primary key, message_id int, file_url text, filename text);
  create table reactions (id serial primary key, message_id int, user_id int, emoji text);
  create table alembic_version (version_num text);
  insert into alembic_version values ('abc');
  insert into users (username, email, hashed_password, display_name, is_active) values
    ('ann', 'ann@old.example', '${hash}', 'Ann of old', true), ('bob', 'bob@old.example', '${hash}', 'Боб', true),
    ('eve smith', null, 'pbkdf2:sha256:1', null, true), ('gone', null, '${hash}', 'Gone', false),
    ('bоb', null, '${hash}', 'Cyrillic o', true);
  insert into servers (name, owner_id) values ('Old Home', 1), ('Quiet', 2);
  insert into server_members (server_id, user_id) select s, u from generate_series(1, 2) s, generate_series(1, 4) u;
  insert into text_channels (name, server_id, "order") values ('second', 1, 2), ('general', 1, 1), ('talk', 2, 1);
  insert into voice_channels (name, server_id, "order") values ('Lounge', 1, 3);
  insert into messages (id, content, "timestamp", author_id, text_channel_id, reply_to_id) select n, 'message ' || n,
    timestamp '2024-02-01' + n * interval '1 minute', 1 + n % 3, 2, case when n % 10 = 0 then n - 3 end
    from generate_series(1, ${count}) n order by n desc;
  update messages set content = ${literal(awkward)}, edited_at = '2024-03-01 10:00:00' where id = 4;
  update messages set is_deleted = true where id = 5;
  insert into attachments (message_id, file_url, filename) values (6, '/uploads/f1.txt', 'notes.txt'), (7, '/uploads/none.png', 'none.png'),
    (8, '/uploads/../../secret', 'secret');
  insert into reactions (message_id, user_id, emoji) values (6, 1, '👍'), (6, 2, '👍'), (6, 2, 'no emoji');`;

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

describe.each(["SQLite", "PostgreSQL"])("an import of version 1 into %s", (database) => {
  let postgres: TestPostgres;
  let server: TestServer;
  let folder: string;

  beforeAll(async () => {
    postgres = await startPostgres();
    postgres.run(schema);
    folder = mkdtempSync(join(tmpdir(), "miscord-version-1-"));
    writeFileSync(
      join(folder, "dump.sql"),
      postgres.plainDump(`postgres://postgres@127.0.0.1:${postgres.port}/postgres`),
    );
    mkdirSync(join(folder, "uploads"));
    writeFileSync(join(folder, "uploads", "f1.txt"), "kept bytes");
    writeFileSync(join(folder, "secret"), "not to be read");
    server = await startTestServer(database === "PostgreSQL" ? { databaseUrl: postgres.createDatabase() } : {});
    await TestClient.register(server.url, "ann");
  });
  afterAll(async () => {
    await server.cleanup();
    postgres.dispose();
    rmSync(folder, { recursive: true });
  });

  async function run(args: readonly string[], killAt = Infinity) {
    const { dataDir, databaseUrl } = server.config;
    const all = [
      "--disable-warning=ExperimentalWarning",
      serverScript("admin"),
      "--data",
      dataDir,
      "import-version-1",
      ...args,
    ];
    const env = { PATH: process.env["PATH"], ...(databaseUrl !== undefined && { DATABASE_URL: databaseUrl }) };
    const child = spawn(process.execPath, all, { env });
    let [stdout, stderr] = ["", ""];
    child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => {
      stderr += chunk.toString();
      for (const [, done] of chunk.toString().matchAll(/: (\d+)/g)) if (Number(done) >= killAt) child.kill("SIGKILL");
    });
    const [code] = (await once(child, "close")) as [number | null];
    return { code, stdout, stderr };
  }

  const dump = () => join(folder, "dump.sql");
  const whole = () => [dump(), "--owner", "ann", "--uploads", join(folder, "uploads")];
  const logIn = (username: string) =>
    fetch(`${server.url}/api/auth/login`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ username, password }),
    });

  test("shows what there is, and is refused while the server runs", async () => {
    const preview = await run([dump(), "--preview"]);
    expect(preview.stdout).toMatch(new RegExp(`users +5\\n[^]*messages +${count}\\n[^]*alembic_version: 1`));
    expect(await run(whole())).toMatchObject({ code: 1, stderr: expect.stringContaining("Another") });
  });

  test("stands once, whole and in order, though it was killed in between, and its people log in as before", async () => {
    await server.stop();
    expect((await run(whole(), 500)).code).toBeNull();
    const finished = await run(whole());
    expect(finished.code, finished.stderr).toBe(0);
    expect(finished.stdout).toContain("messages that were deleted: 1");
    expect((await run(whole())).stdout).not.toMatch(/ {2}(messages|accounts|servers|memberships|text channels) +\d/);
    await server.restart();

    const logins = await Promise.all([logIn("bob"), logIn("bob")]);
    expect(logins.map(({ status }) => status)).toEqual([200, 200]);
    expect((await logIn("gone")).status).not.toBe(200);
    const hashes = await withStore(server.config, ({ db }) =>
      db.selectFrom("users").select(["username", "password_hash", "email", "display_name"]).orderBy("id").execute(),
    );
    const kinds = hashes.map((row) => [row.username, row.password_hash.slice(0, 4), row.display_name]);
    expect(kinds).toEqual([
      ["ann", "$arg", "ann"],
      ["bob", "$arg", "Боб"],
      ["eve_smith", "", "eve_smith"],
      ["gone", "$arg", "Gone"],
      ["bоb_2", hash.slice(0, 4), "Cyrillic o"],
    ]);

    const bob = new TestClient(server.url);
    bob.token = ((await (await logIn("bob")).json()) as { access_token: string }).access_token;
    const { servers } = await bob.get<{ servers: ServerState[] }>("/api/servers");
    expect(servers.map(({ name }) => name).toSorted()).toEqual(["Old Home", "Quiet"]);
    const home = servers.find(({ name }) => name === "Old Home")!;
    const channels = home.channels.map(({ name, type }) => `${name} ${type}`);
    expect(channels).toEqual(["general text", "second text", "Lounge voice"]);
    const [general] = home.channels;
    expect(general!.read_seq).toBe(general!.last_message_seq);
    const messages = await historyOf(bob, general!.id);
    const numbers = Array.from({ length: count }, (_, index) => index + 1).filter((number) => number !== 5);
    const others = new Map([
      [4, awkward],
      [7, "message 7\n📎 none.png"],
      [8, "message 8\n📎 secret"],
    ]);
    const contents = messages.map(({ content }) => content);
    expect(contents).toEqual(numbers.map((number) => others.get(number) ?? `message ${number}`));
    const byContent = new Map(messages.map((message) => [message.content, message]));
    expect(byContent.get("message 20")).toMatchObject({
      reply_to: { content: "message 17" },
      author: { username: "eve_smith" },
    });
    expect(byContent.get(awkward)).toMatchObject({ edited_at: "2024-03-01T10:00:00.000Z" });
    const kept = byContent.get("message 6")!;
    expect(kept.reactions).toMatchObject([{ emoji: "👍", count: 2 }]);
    expect(kept.attachments).toMatchObject([{ filename: "notes.txt", size: 10 }]);
    expect(JSON.stringify(messages)).not.toContain("not to be read");
  });

  test("names what is wrong with another file", async () => {
    const path = join(folder, "other.sql");
    for (const [text, sentence] of [
      ["PGDMP", "pg_dump --format plain"],
      ["INSERT INTO users VALUES (1);\n", "without --inserts"],
      ["COPY public.users (id, nick) FROM stdin;\n1\ta\n\\.\n", "has no column username"],
      ["COPY public.users (id, username) FROM stdin;\n1\ta\n", "ends in the middle"],
      ["select 1;\n", "has no users"],
    ] as const) {
      writeFileSync(path, text);
      expect(await run([path, "--preview"])).toMatchObject({ code: 1, stderr: expect.stringContaining(sentence) });
    }
  });
});

async function historyOf(client: TestClient, channelId: number): Promise<Message[]> {
  const all: Message[] = [];
  for (;;) {
    const before = all[0] ? `&before=${all[0].id}` : "";
    const { messages } = await client.get<{ messages: Message[] }>(
      `/api/channels/${channelId}/messages?limit=100${before}`,
    );
    if (messages.length === 0) return all;
    all.unshift(...messages);
  }
}
