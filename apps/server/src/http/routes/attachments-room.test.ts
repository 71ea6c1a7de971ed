import { randomBytes } from "node:crypto";
import { readdir } from "node:fs/promises";
import { request as httpRequest } from "node:http";
import { join } from "node:path";
import sharp from "sharp";
import { expect, test, vi } from "vitest";
import { buildWav } from "../../domain/attachments/sound/testing/build-sound.ts";
import { uploadExpression } from "../../testing/expressions.ts";
import type { BotWithToken, Credentials, WebhookWithToken } from "@miscord/protocol";
import { TestClient } from "../../testing/test-client.ts";
import { startTestServer } from "../../testing/test-server.ts";
import { eventually } from "../../testing/eventually.ts";

const fullDiskError = () => Object.assign(new Error("no space left on device"), { code: "ENOSPC", syscall: "write" });

test("an upload is refused when the disk is nearly full", async () => {
  const crowded = await startTestServer({ minFreeBytes: Number.MAX_SAFE_INTEGER });
  const ann = await TestClient.register(crowded.url, "ann");
  expect(await ann.upload("x", "x.txt")).toMatchObject({ status: 507, code: "storage_full" });
  await crowded.cleanup();
});

test("an upload that meets a full disk while it is written is refused as such, and nothing of it stays", async () => {
  const full = await startTestServer(
    {},
    { storage: (storage) => ({ ...storage, receive: () => Promise.reject(fullDiskError()) }) },
  );
  const ann = await TestClient.register(full.url, "ann");
  expect(await ann.upload("x", "x.txt")).toMatchObject({ status: 507, code: "storage_full" });
  const entries = await readdir(join(full.config.dataDir, "uploads"), { recursive: true, withFileTypes: true });
  expect(entries.filter((entry) => entry.isFile())).toEqual([]);
  await full.cleanup();
});

test("an upload finds no room while those under way have announced it all, and room again when they are gone", async () => {
  const crowded = await startTestServer(
    { minFreeBytes: 1_000_000 },
    { storage: (storage) => ({ ...storage, freeBytes: () => Promise.resolve(1_150_000) }) },
  );
  const ann = await TestClient.register(crowded.url, "ann");
  const announced = { "content-length": "165536", "content-type": "multipart/form-data; boundary=x" };
  const first = httpRequest(`${crowded.url}/api/attachments`, {
    method: "POST",
    headers: { ...announced, authorization: `Bearer ${ann.token}` },
  }).on("error", () => {});
  first.write('--x\r\ncontent-disposition: form-data; name="file"; filename="a"\r\n\r\nits first bytes');
  const second = () => ann.upload(Buffer.alloc(120_000), "b");
  await eventually(async () => expect(await second()).toMatchObject({ status: 507, code: "storage_full" }));
  first.destroy();
  await vi.waitFor(async () => expect((await second()).status).toBe(201), { timeout: 60_000 });
  await crowded.cleanup();
});

test("an upload beyond what one may keep in all is refused, whether the rest was sent or not", async () => {
  const small = await startTestServer({ uploadTotalBytes: 100_000 });
  const ann = await TestClient.register(small.url, "ann");
  const { id, channels } = await ann.createServer();
  const file = await ann.upload(Buffer.alloc(60_000), "1.bin");
  await ann.send(channels[0]!.id, "", { attachments: [file.body.id] });
  expect(await ann.upload(Buffer.alloc(60_000), "2.bin")).toMatchObject({ status: 422, code: "limit_reached" });
  expect((await ann.upload(Buffer.alloc(40_000), "2.bin")).status).toBe(201);
  const bob = await TestClient.register(small.url, "bob");
  await bob.join(await ann.invite(id));
  expect((await bob.upload(Buffer.alloc(60_000), "3.bin")).status).toBe(201);
  await small.cleanup();
});

test("files of one's bots and webhooks count as one's own", async () => {
  const small = await startTestServer({ uploadTotalBytes: 100_000 });
  const ann = await TestClient.register(small.url, "ann");
  const { id, channels } = await ann.createServer();
  const refused = { status: 422, code: "limit_reached" };
  const byWebhook = async () => {
    const hook = await ann.post<WebhookWithToken>(`/api/channels/${channels[0]!.id}/webhooks`, { name: "Builds" });
    const body = new FormData();
    body.set("files[0]", new Blob([Buffer.alloc(60_000)]), "build.log");
    return new TestClient(small.url).request("POST", `/api/webhooks/${hook.id}/${hook.token}`, { body });
  };
  expect((await byWebhook()).status).toBe(204);
  expect((await byWebhook()).status).toBe(422);
  const { token, ...bot } = await ann.post<BotWithToken>("/api/bots", { username: "helper" });
  await ann.put(`/api/servers/${id}/bots/${bot.id}`);
  const robot = new TestClient(small.url);
  robot.token = (await robot.post<Credentials>("/api/auth/bot", { token })).access_token;
  expect(await robot.upload(Buffer.alloc(60_000), "1.bin")).toMatchObject(refused);
  expect((await robot.upload(Buffer.alloc(30_000), "1.bin")).status).toBe(201);
  expect(await ann.upload(Buffer.alloc(30_000), "2.bin")).toMatchObject(refused);
  await small.cleanup();
});

test("uploads of oneself and of one's bots that arrive at the same time take up no more room than one after the other", async () => {
  const small = await startTestServer({ uploadTotalBytes: 150_000 });
  const ann = await TestClient.register(small.url, "ann");
  const senders = [ann];
  for (const username of ["one", "two"]) {
    const { token } = await ann.post<BotWithToken>("/api/bots", { username });
    const robot = new TestClient(small.url);
    robot.token = (await robot.post<Credentials>("/api/auth/bot", { token })).access_token;
    senders.push(robot);
  }
  const head = '--x\r\ncontent-disposition: form-data; name="file"; filename="a"\r\n\r\n';
  const body = Buffer.concat([Buffer.from(head), Buffer.alloc(70_000), Buffer.from("\r\n--x--\r\n")]);
  // Long enough to be announced with its bytes.
  const announced = Buffer.concat([body, Buffer.alloc(64 * 1024)]);
  const type = { "content-type": "multipart/form-data; boundary=x", "content-length": announced.length };
  const begun = senders.map(({ token }) => {
    const headers = { ...type, authorization: `Bearer ${token}` };
    const sent = httpRequest(`${small.url}/api/attachments`, { method: "POST", headers });
    const status = new Promise<number>((resolve) => {
      sent.on("response", (answer) => resolve(answer.resume().statusCode!)).on("error", () => resolve(0));
    });
    sent.write(announced.subarray(0, 1_000));
    return { sent, status };
  });
  // Two of them have been found room for, or have been refused.
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  for (const { sent } of begun) sent.end(announced.subarray(1_000));
  const statuses = await Promise.all(begun.map(({ status }) => status));
  expect(statuses.filter((status) => status === 201).length).toBeLessThanOrEqual(2);
  await small.cleanup();
});

test("emoji of all servers of one owner take up no more than one may keep", async () => {
  const small = await startTestServer({ uploadTotalBytes: 300 });
  const ann = await TestClient.register(small.url, "ann");
  const noise = randomBytes(96 * 96 * 3);
  const bytes = await sharp(noise, { raw: { width: 96, height: 96, channels: 3 } })
    .png()
    .toBuffer();
  const emojiIn = (serverId: number) =>
    uploadExpression(ann, `/api/servers/${serverId}/emojis`, { name: "noise", bytes });
  const [one, other] = [await ann.createServer(), await ann.createServer()];
  expect(await emojiIn(one.id)).toMatchObject({ status: 201 });
  expect(await emojiIn(other.id)).toMatchObject({ status: 422, code: "limit_reached" });
  await small.cleanup();
});

test("sounds of all servers of one owner count beside their emoji", async () => {
  const small = await startTestServer({ uploadTotalBytes: 30_000 });
  const ann = await TestClient.register(small.url, "ann");
  const sound = buildWav(300);
  const add = (serverId: number) =>
    fetch(`${small.url}/api/servers/${serverId}/sounds?name=tone`, {
      method: "POST",
      headers: { authorization: `Bearer ${ann.token}`, "content-type": "audio/wav" },
      body: new Uint8Array(sound),
    });
  const statuses: number[] = [];
  while (statuses.length * sound.length < 60_000) statuses.push((await add((await ann.createServer()).id)).status);
  expect(statuses.filter((status) => status === 201)).toHaveLength(Math.ceil(30_000 / sound.length));
  expect(statuses.at(-1)).toBe(422);
  await small.cleanup();
});
