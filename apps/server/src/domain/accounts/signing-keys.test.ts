import { createHmac, hkdfSync } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decodeProtectedHeader, SignJWT } from "jose";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { openSigningKeys } from "../../open-signing-keys.ts";
import type { Store } from "../../store/contract.ts";
import {
  deleteSigningKeysReplacedBefore,
  ensureSigningKey,
  newSigningSecret,
  rotateSigningKey,
  signingKeys,
} from "../../store/queries/signing-keys.ts";
import { openSqliteStore } from "../../store/sqlite/open-sqlite-store.ts";
import { ManualClock } from "../../testing/manual-clock.ts";
import { TestClient } from "../../testing/test-client.ts";
import { startTestServer, testConfig } from "../../testing/test-server.ts";
import { createFileLinks } from "../attachments/file-links.ts";
import { createAccessTokens } from "./access-tokens.ts";
import { StoredSigningKeys } from "./signing-keys.ts";

const termMs = 3_600_000;
let folder: string;
let store: Store;
let clock: ManualClock;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "miscord-keys-"));
  store = await openSqliteStore({ file: join(folder, "miscord.db") });
  clock = new ManualClock(Date.now());
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true });
});

async function node(): Promise<StoredSigningKeys> {
  await ensureSigningKey(store.db, newSigningSecret(), clock.now());
  return StoredSigningKeys.open({ store, clock, termMs });
}

const rotate = (revoke = false) =>
  store.db.transaction().execute((trx) => rotateSigningKey(trx, { now: clock.now(), revoke }));

const claims = () => ({ userId: 7, sessionId: "s", expiresAt: clock.now() + termMs / 2 });

describe("keys in the database", () => {
  test("nodes that start at once sign with the same key", async () => {
    await Promise.all([node(), node(), node()]);
    expect(await signingKeys(store.db)).toHaveLength(1);
    expect((await node()).current.id).toBe((await node()).current.id);
  });

  test("a token names its key, and is valid on every node before and after a rotation", async () => {
    const [a, b] = [await node(), await node()];
    const [onA, onB] = [createAccessTokens(a, clock), createAccessTokens(b, clock)];
    const before = await onA.issue("access", claims());
    await rotate();
    await a.read();
    clock.advance(1_000);
    const after = await onA.issue("access", claims());
    expect(decodeProtectedHeader(after).kid).not.toBe(decodeProtectedHeader(before).kid);
    // The other node has not read the new key yet.
    for (const token of [after, before]) expect(await onB.verify("access", token)).toMatchObject({ userId: 7 });
    expect(await onA.verify("access", before)).toMatchObject({ userId: 7 });
  });

  test("unknown key ids make a node read the keys once a second for all callers, and are refused", async () => {
    await node();
    let reads = 0;
    const counted = {
      get db() {
        reads += 1;
        return store.db;
      },
    };
    const keys = await StoredSigningKeys.open({ store: counted, clock, termMs });
    clock.advance(1_000);
    reads = 0;
    const unknown = Array.from({ length: 50 }, () => keys.find("unknown1"));
    expect(await Promise.all(unknown)).toEqual(unknown.map(() => []));
    expect(reads).toBe(1);
    const later = keys.find("unknown2");
    for (const id of ["no id", "", "12345678901"]) expect(await keys.find(id)).toEqual([]);
    expect(reads).toBe(1);
    clock.advance(1_000);
    expect(await later).toEqual([]);
    expect(reads).toBe(2);
  });

  test("while the database fails a token of an unknown key is not called invalid", async () => {
    const keys = await node();
    const other = createAccessTokens(await node(), clock);
    await rotate();
    const fresh = createAccessTokens(await node(), clock);
    const token = await fresh.issue("access", claims());
    expect(await other.verify("access", await other.issue("access", claims()))).toMatchObject({ userId: 7 });
    clock.advance(1_000);
    await store.close();
    await expect(createAccessTokens(keys, clock).verify("access", token)).rejects.not.toMatchObject({
      code: "unauthorized",
    });
    store = await openSqliteStore({ file: join(folder, "miscord.db") });
  });

  test("a stolen key signs nothing valid once its term after the rotation is over", async () => {
    const keys = await node();
    const stolen = keys.current;
    await rotate();
    await keys.read();
    const forge = () =>
      new SignJWT({ sid: "s" })
        .setProtectedHeader({ alg: "HS256", kid: stolen.id })
        .setIssuer("miscord")
        .setAudience("access")
        .setSubject("7")
        .setExpirationTime(Math.floor((clock.now() + 10 * termMs) / 1_000))
        .sign(stolen.secret);
    const tokens = createAccessTokens(keys, clock);
    const forged = await forge();
    clock.advance(termMs - 1);
    expect(await tokens.verify("access", forged)).toMatchObject({ userId: 7 });
    clock.advance(1);
    await expect(tokens.verify("access", forged)).rejects.toMatchObject({ code: "unauthorized" });
    await expect(tokens.verify("access", await forge())).rejects.toMatchObject({ code: "unauthorized" });
  });

  test("a token that was valid before is verified anew once it has expired or its key is gone", async () => {
    const keys = await node();
    const tokens = createAccessTokens(keys, clock);
    const [short, long] = [claims(), { ...claims(), expiresAt: clock.now() + termMs }];
    const [first, second] = [await tokens.issue("access", short), await tokens.issue("access", long)];
    for (let time = 0; time < 2; time += 1) {
      expect(await tokens.verify("access", first)).toMatchObject({ userId: 7 });
      await expect(tokens.verify("files", first)).rejects.toMatchObject({ code: "unauthorized" });
      expect(await tokens.verify("access", second)).toMatchObject({ userId: 7 });
    }
    clock.advance(termMs / 2);
    await expect(tokens.verify("access", first)).rejects.toMatchObject({ code: "unauthorized" });
    expect(await tokens.verify("access", second)).toMatchObject({ userId: 7 });
    await rotate(true);
    await keys.read();
    // Whether there is a key of this id may be asked again.
    clock.advance(1_000);
    await expect(tokens.verify("access", second)).rejects.toMatchObject({ code: "unauthorized" });
  });

  test("keys are deleted when the term after their rotation is over, and the current one never", async () => {
    const first = (await node()).current.id;
    clock.advance(termMs);
    await rotate();
    const second = (await node()).current.id;
    const stored = async () => (await signingKeys(store.db)).map(({ id }) => id);
    await deleteSigningKeysReplacedBefore(store.db, clock.now() - termMs);
    expect(await stored()).toEqual([second, first]);
    clock.advance(termMs + 1);
    await deleteSigningKeysReplacedBefore(store.db, clock.now() - termMs);
    expect(await stored()).toEqual([second]);
    clock.advance(100 * termMs);
    await deleteSigningKeysReplacedBefore(store.db, clock.now() - termMs);
    expect(await stored()).toEqual([second]);
  });

  test("a rotation that revokes ends what older keys signed as soon as a node has read", async () => {
    const keys = await node();
    const tokens = createAccessTokens(keys, clock);
    const token = await tokens.issue("access", claims());
    await rotate(true);
    await keys.read();
    clock.advance(1_000);
    await expect(tokens.verify("access", token)).rejects.toMatchObject({ code: "unauthorized" });
  });

  test("file links stay valid across a rotation, on every node", async () => {
    const [a, b] = [await node(), await node()];
    const [onA, onB] = [createFileLinks(a, clock, 60_000), createFileLinks(b, clock, 60_000)];
    const before = onA.sign(3, 7);
    await rotate();
    await a.read();
    clock.advance(1_000);
    const after = onA.sign(3, 7);
    expect(after).not.toBe(before);
    for (const link of [before, after]) {
      expect(await onB.verify(3, link)).toBe(7);
      await expect(onB.verify(4, link)).rejects.toMatchObject({ code: "unauthorized" });
    }
  });
});

describe("the key file of versions before 2.1", () => {
  test("moves into the database, and what it signed stays valid", async () => {
    const secret = Buffer.alloc(32, 5);
    await writeFile(join(folder, "secret.key"), `${secret.toString("base64url")}\n`);
    const config = testConfig({ dataDir: folder });
    const { keys, stop } = await openSigningKeys(config, { store, clock, onError: () => {} });
    stop();
    expect(existsSync(join(folder, "secret.key"))).toBe(false);
    const token = await new SignJWT({ sid: "s" })
      .setProtectedHeader({ alg: "HS256" })
      .setIssuer("miscord")
      .setAudience("access")
      .setSubject("7")
      .setExpirationTime(Math.floor((clock.now() + 60_000) / 1_000))
      .sign(secret);
    expect(await createAccessTokens(keys, clock).verify("access", token)).toMatchObject({ userId: 7 });
    const expiresAt = clock.now() + 60_000;
    const key = Buffer.from(hkdfSync("sha256", secret, "", "miscord file links", 32));
    const signature = createHmac("sha256", key).update(`3.7.${expiresAt}`).digest("base64url");
    const link = `7.${expiresAt.toString(36)}.${signature}`;
    expect(await createFileLinks(keys, clock, 60_000).verify(3, link)).toBe(7);
  });

  test("that is damaged stops the start", async () => {
    await writeFile(join(folder, "secret.key"), "short");
    const opening = openSigningKeys(testConfig({ dataDir: folder }), { store, clock, onError: () => {} });
    await expect(opening).rejects.toMatchObject({ name: "StartupError" });
  });

  test("that another node's key came before is left alone", async () => {
    const { current } = await node();
    await writeFile(join(folder, "secret.key"), newSigningSecret());
    const { keys, stop } = await openSigningKeys(testConfig({ dataDir: folder }), { store, clock, onError: () => {} });
    stop();
    expect(keys.current.id).toBe(current.id);
    expect(existsSync(join(folder, "secret.key"))).toBe(true);
  });
});

test("with SECRET_KEY nothing is stored, and nodes with the same key accept each other's tokens", async () => {
  const config = testConfig({ dataDir: folder, secretKey: "a configured key of thirty-two characters" });
  const open = () => openSigningKeys(config, { store, clock, onError: () => {} });
  const [a, b] = [await open(), await open()];
  const token = await createAccessTokens(a.keys, clock).issue("access", claims());
  expect(await createAccessTokens(b.keys, clock).verify("access", token)).toMatchObject({ userId: 7 });
  expect(await signingKeys(store.db)).toEqual([]);
});

test("two servers on one database sign with a new key within seconds, and accept tokens of both generations", async () => {
  const file = join(folder, "miscord.db");
  const start = async () => startTestServer({}, { clock, store: await openSqliteStore({ file }) });
  const servers = [await start(), await start()];
  const [a, b] = servers;
  const ann = await TestClient.register(a!.url, "ann");
  const old = ann.token;
  await rotate();
  const keyId = (token: string | null) => decodeProtectedHeader(token!).kid;
  const renewed: (string | null)[] = [];
  for (const { url } of [a!, b!]) {
    await vi.waitFor(
      async () => {
        clock.advance(5_000);
        const { token } = await TestClient.logIn(url, "ann");
        expect(keyId(token)).not.toBe(keyId(old));
        renewed.push(token);
      },
      { timeout: 60_000 },
    );
  }
  expect(keyId(renewed[0]!)).toBe(keyId(renewed[1]!));
  for (const { url } of servers) {
    for (const token of [old, ...renewed]) {
      const answer = await fetch(`${url}/api/auth/me`, { headers: { authorization: `Bearer ${token}` } });
      expect(answer.status).toBe(200);
    }
  }
  for (const server of servers) await server.cleanup();
});
