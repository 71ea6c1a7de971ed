import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Attachment, AuthenticatorSecret, History, RecoveryCodes } from "@miscord/protocol";
import { decodeProtectedHeader } from "jose";
import { Secret, TOTP } from "otpauth";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { ManualClock } from "../testing/manual-clock.ts";
import { TestClient } from "../testing/test-client.ts";
import { startTestServer, type TestServer } from "../testing/test-server.ts";
import { parseStorageLocation, type StorageLocation } from "../storage/location.ts";
import { TestSocket } from "../testing/test-socket.ts";

import { backUp, restore } from "./backup.ts";
import { serverScript } from "../testing/server-script.ts";

const script = serverScript("admin");
const patience = { timeout: 60_000 };
const clock = new ManualClock(Date.now());
let server: TestServer;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "miscord-admin-"));
  server = await startTestServer({}, { clock });
});
afterAll(async () => {
  await server.cleanup();
  rmSync(folder, { recursive: true, force: true });
});

interface Run {
  code: number;
  stdout: string;
  stderr: string;
}

async function admin(...args: string[]): Promise<Run> {
  const command = ["--disable-warning=ExperimentalWarning", script, "--data", server.config.dataDir, ...args];
  try {
    return { code: 0, ...(await promisify(execFile)(process.execPath, command)) };
  } catch (error) {
    return error as Run;
  }
}

describe("account commands beside a running server", () => {
  test("reset-password replaces the password and revokes all sessions of the user", async () => {
    const ann = await TestClient.register(server.url, "ann");
    const window = new TestSocket(`${server.url.replace("http", "ws")}/ws/main?token=${ann.token}`);
    await window.next("connection_established");
    const { code, stdout } = await admin("reset-password", "ANN");
    expect(code).toBe(0);
    const password = /password of ann is (\S+)/.exec(stdout)![1]!;
    expect(await ann.request("GET", "/api/auth/me")).toMatchObject({ status: 401 });
    await expect(TestClient.logIn(server.url, "ann")).rejects.toThrow("401");
    clock.advance(10_000);
    expect(await window.closed).toMatchObject({ code: 4001 });
    const body = { username: "ann", password };
    expect(await new TestClient(server.url).request("POST", "/api/auth/login", { body })).toMatchObject({
      status: 200,
    });
  });

  test("reset-link prints a link that sets a new password, and remove-second-factors lets the password do", async () => {
    const fay = await TestClient.register(server.url, "fay");
    const { secret } = await fay.post<AuthenticatorSecret>("/api/auth/authenticator");
    const code = new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: clock.now() });
    const set = await fay.request<RecoveryCodes>("PUT", "/api/auth/authenticator", { body: { code } });
    const { stdout } = await admin("reset-link", "fay");
    const token = /\/reset#(\S+)/.exec(stdout)![1]!;
    const body = { token, new_password: "correct horse battery" };
    const client = new TestClient(server.url);
    expect(await client.request("POST", "/api/auth/reset", { body })).toMatchObject({ body: { username: "fay" } });
    expect(await client.request("POST", "/api/auth/reset", { body })).toMatchObject({ status: 401 });
    await expect(TestClient.logIn(server.url, "fay")).rejects.toThrow("second_factor_required");
    expect((await admin("remove-second-factors", "fay")).code).toBe(0);
    await TestClient.logIn(server.url, "fay");
    // Whoever found the lost codes has no use for them.
    const recovery = { username: "fay", recovery_code: set.body.recovery_codes[0], new_password: "of somebody else" };
    expect(await client.request("POST", "/api/auth/recover", { body: recovery })).toMatchObject({ status: 401 });
  });

  test("make-admin makes a user administrator, and the claim link of the start makes nobody another one", async () => {
    const bob = await TestClient.register(server.url, "bob");
    expect(bob.me.is_admin).toBe(false);
    expect((await admin("make-admin", "bob")).code).toBe(0);
    expect(await bob.get("/api/auth/me")).toMatchObject({ is_admin: true });
    const claim_token = new URL(server.claimUrl!).hash.slice(1);
    const una = await TestClient.register(server.url, "una");
    expect((await una.request("POST", "/api/admin/claim", { body: { claim_token } })).code).toBe("forbidden");
    await expect(TestClient.register(server.url, "mallory", { claim_token })).rejects.toThrow("403");
  });

  test("an unknown username is reported and exits with 1", async () => {
    expect(await admin("make-admin", "nobody")).toMatchObject({ code: 1, stderr: "There is nobody called nobody.\n" });
  });
});

describe("rotate-key beside a running server", () => {
  test("new tokens get a new key within seconds, and the old ones stay valid", async () => {
    const dan = await TestClient.register(server.url, "dan");
    expect(await admin("rotate-key")).toMatchObject({ code: 0, stdout: expect.stringContaining("30 days at most") });
    await vi.waitFor(async () => {
      clock.advance(5_000);
      const { token } = await TestClient.logIn(server.url, "dan");
      expect(decodeProtectedHeader(token!).kid).not.toBe(decodeProtectedHeader(dan.token!).kid);
    }, patience);
    expect(await dan.get("/api/auth/me")).toMatchObject({ username: "dan" });
  });

  test("--revoke ends the old tokens", async () => {
    const eve = await TestClient.register(server.url, "eve");
    expect(await admin("rotate-key", "--revoke")).toMatchObject({ code: 0 });
    await vi.waitFor(async () => {
      clock.advance(5_000);
      const answer = eve.request("GET", "/api/auth/me");
      // An unknown key makes the server read its keys once more, a second after it read them last.
      await new Promise((resolve) => setTimeout(resolve, 100));
      clock.advance(1_000);
      expect(await answer).toMatchObject({ status: 401 });
    }, patience);
  });
});

describe("backup and restore", () => {
  test("a restored backup holds all data and gives clients a new epoch", async () => {
    const cleo = await TestClient.register(server.url, "cleo");
    const { channels } = await cleo.createServer();
    const channelId = channels[0]!.id;
    const file = (await cleo.upload("what the file says", "note.txt", "text/plain")).body;
    await cleo.send(channelId, "kept", { attachments: [file.id] });
    const backup = join(folder, "backup");
    expect(await admin("backup", backup)).toMatchObject({ code: 0 });
    expect(statSync(join(backup, "miscord.db")).mode & 0o777).toBe(0o600);
    await cleo.send(channelId, "lost");

    const dataDir = join(folder, "restored");
    expect(await admin("--data", dataDir, "restore", backup)).toMatchObject({ code: 0 });
    const restored = await startTestServer({ dataDir });
    // The database includes the key, so the token is still valid.
    const again = new TestClient(restored.url);
    again.token = cleo.token;
    const { messages } = await again.get<History>(`/api/channels/${channelId}/messages`);
    expect(messages.map(({ content }) => content)).toEqual(["kept"]);
    const [attachment] = messages[0]!.attachments as [Attachment];
    expect((await again.request("GET", attachment.file_url)).body).toBe("what the file says");
    await restored.cleanup();
  });

  test("uploads in a shared folder are part of a backup, and return into that folder", async () => {
    const [dataDir, shared, backup] = [join(folder, "with-shared"), join(folder, "shared"), join(folder, "of-shared")];
    mkdirSync(shared);
    const storage = { kind: "folder", path: shared } as const;
    const first = await startTestServer({ dataDir, storage });
    const gus = await TestClient.register(first.url, "gus");
    const file = (await gus.upload("shared by all nodes", "note.txt", "text/plain")).body;
    const config = { ...first.config, storage };
    expect(await backUp(config, backup)).toContain("keys that sign tokens");
    await first.cleanup();
    rmSync(shared, { recursive: true });
    await restore(config, backup);
    const again = await startTestServer({ dataDir, storage });
    const reader = new TestClient(again.url);
    reader.token = gus.token;
    expect((await reader.request("GET", file.file_url)).body).toBe("shared by all nodes");
    await again.cleanup();
  });

  test("files that are deleted while a backup copies them are left out of it", async () => {
    const uploads = join(server.config.dataDir, "uploads", "zz");
    mkdirSync(uploads, { recursive: true });
    for (let at = 0; at < 3_000; at += 1) writeFileSync(join(uploads, `zz-file-${at}`), "some bytes");
    const names = readdirSync(uploads);
    const copying = backUp(server.config, join(folder, "while-deleting"));
    for (const name of names.slice(300)) await rm(join(uploads, name));
    expect(await copying).toContain("The backup is in ");
    rmSync(uploads, { recursive: true });
  });

  test("a backup says that uploads in a bucket are no part of it, and PostgreSQL is refused", async () => {
    const storage = parseStorageLocation("s3://files?region=eu-west-1") as StorageLocation;
    const text = await backUp({ ...server.config, storage }, join(folder, "without-uploads"));
    expect(text).toContain("Uploads are in s3://files/ at files.s3.eu-west-1.amazonaws.com and not part of it.");
    const config = { ...server.config, databaseUrl: "postgres://localhost/x" };
    await expect(backUp(config, join(folder, "none"))).rejects.toThrow("embedded database");
    await expect(restore(config, join(folder, "none"))).rejects.toThrow("embedded database");
  });

  test("backup and restore refuse a folder that is not empty", async () => {
    const backup = join(folder, "once");
    expect((await admin("backup", backup)).code).toBe(0);
    const second = await admin("backup", backup);
    expect(second).toMatchObject({ code: 1, stderr: `${backup} is not empty.\n` });
    const restore = await admin("restore", backup);
    expect(restore.code).toBe(1);
    expect(restore.stderr).toContain("is not empty. Stop the server");
    expect(await admin("restore", join(folder, "nowhere"))).toMatchObject({ code: 1 });
  });

  test("a folder without data or backup is reported and nothing is created", async () => {
    const nowhere = join(folder, "no data");
    const { code, stderr } = await admin("--data", nowhere, "make-admin", "ann");
    expect([code, existsSync(nowhere)]).toEqual([1, false]);
    expect(stderr).toContain("There is no database");
  });
});

test("the admin command without arguments prints its usage", async () => {
  const { code, stderr } = await admin();
  expect(code).toBe(1);
  for (const name of ["backup", "restore", "reset-password", "make-admin", "rotate-key"])
    expect(stderr).toContain(name);
  expect(await admin("--help")).toMatchObject({ code: 0 });
});
