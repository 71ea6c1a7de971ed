import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { databaseName } from "../data-folder.ts";
import type { Store } from "../store/contract.ts";
import { openPostgresStore } from "../store/postgres/open-postgres-store.ts";
import { insertVoiceNode, noteVoiceNode } from "../store/queries/voice-nodes.ts";
import { openSqliteStore } from "../store/sqlite/open-sqlite-store.ts";
import { freePort } from "../testing/free-port.ts";
import { startPostgres, type TestPostgres } from "../testing/postgres.ts";
import { version } from "../version.ts";
import { openStunResponder } from "../voice-node/stun-responder.ts";
import { checkRegions } from "./check-regions.ts";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

let postgres: TestPostgres;
let instance: Server;

beforeAll(async () => {
  postgres = await startPostgres();
  instance = createServer((_, response) => response.end('{"status":"alive"}')).listen(0, "127.0.0.1");
  await new Promise((resolve) => instance.once("listening", resolve));
});
afterAll(() => {
  instance.close();
  postgres.dispose();
});

describe.each(["SQLite", "PostgreSQL"])("on %s", (kind) => {
  let dataDir: string;
  let databaseUrl: string | undefined;
  let store: Store;

  beforeEach(async () => {
    dataDir = mkdtempSync(join(tmpdir(), "miscord-regions-"));
    databaseUrl = kind === "SQLite" ? undefined : postgres.createDatabase();
    store = databaseUrl
      ? await openPostgresStore({ url: databaseUrl, poolSize: 2 })
      : await openSqliteStore({ file: join(dataDir, databaseName) });
    return async () => {
      await store.close();
      rmSync(dataDir, { recursive: true });
    };
  });

  const check = (changes: { port?: number; forwardsVoice?: boolean } = {}) => {
    const { port } = instance.address() as AddressInfo;
    return checkRegions({ forwardsVoice: true, databaseUrl, dataDir, host: "127.0.0.1", port, ...changes });
  };
  type Seen = Parameters<typeof noteVoiceNode>[2];
  async function region(name: string, seen: Seen = {}): Promise<void> {
    const node = { name, digest: name, created_at: 1 };
    await insertVoiceNode(store.db, node);
    if (Object.keys(seen).length > 0) await noteVoiceNode(store.db, node, seen);
  }
  const finding = (name: string, state: string, ...words: string[]) => ({
    piece: `Region ${name}`,
    state,
    text: expect.stringMatching(new RegExp(words.join(".*"))),
  });

  test("says nothing where there are none, and where calls are a mesh", async () => {
    expect(await check()).toEqual([]);
    await region("ams");
    expect(await check({ forwardsVoice: false })).toEqual([]);
  });

  test("a region that is connected works when its UDP port answers, and is broken when it does not", async () => {
    const stun = await openStunResponder({ port: 0, host: "127.0.0.1" });
    const seen = { seen_at: Date.now() - 40_000, version };
    await region("ams", { ...seen, stun_url: `stun:127.0.0.1:${stun.address().port}` });
    await region("nyc", { ...seen, stun_url: `stun:127.0.0.1:${await freePort()}` });
    expect(await check()).toEqual([
      finding("ams", "works", "connected", "UDP in \\d+ ms"),
      finding("nyc", "broken", "does not answer over UDP", "7882"),
    ]);
    stun.close();
  });

  test("names those that are away, refused, of another version, or without a way for media", async () => {
    const hourAgo = Date.now() - 3_600_000;
    await region("a-never");
    await region("b-away", { seen_at: hourAgo, version });
    await region("c-refused", { seen_at: hourAgo, refused_at: Date.now(), refusal: "version", version });
    await region("d-older", { seen_at: Date.now(), version: "0.9.0" });
    await region("e-left", { seen_at: Date.now(), version, given_up_at: hourAgo });
    // A former refusal, and a call of the day before yesterday, are over.
    const old = { refused_at: hourAgo, refusal: "connected", given_up_at: hourAgo - 24 * 3_600_000 };
    await region("f-well", { seen_at: Date.now(), version, ...old });
    expect(await check()).toEqual([
      finding("a-never", "broken", "never"),
      finding("b-away", "broken", "away"),
      finding("c-refused", "broken", "Update the older"),
      finding("d-older", "attention", "0\\.9\\.0"),
      finding("e-left", "attention", "UDP port VOICE_PORT"),
      finding("f-well", "works", "^It is connected\\.$"),
    ]);
  });

  test("passes nothing to the terminal that is no text", async () => {
    await region("ams", { seen_at: Date.now(), version: "\u001b[2J2.0", stun_url: "stun:\u001b[1m:1" });
    const [found] = await check();
    expect([found!.state, /^[\x20-\x7e]+$/.test(found!.text)]).toEqual(["broken", true]);
  });

  test("cannot tell who is away while Miscord does not run", async () => {
    await region("ams", { seen_at: Date.now() - 3_600_000, version });
    expect(await check({ port: await freePort() })).toEqual([finding("ams", "attention", "does not run")]);
  });

  test("says nothing of a database from before there were any", async () => {
    await store.db.schema.dropTable("voice_nodes").execute();
    expect(await check()).toEqual([]);
  });
});
