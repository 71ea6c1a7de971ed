import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { Agent, request as httpRequest, type ClientRequest, type IncomingMessage } from "node:http";
import { join } from "node:path";
import type { Attachment, Channel, Message, ServerState } from "@miscord/protocol";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { ManualClock } from "../../testing/manual-clock.ts";
import { TestClient } from "../../testing/test-client.ts";
import { startTestServer, type TestServer } from "../../testing/test-server.ts";

/** A PNG of one transparent pixel. */
const png = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==",
  "base64",
);
const maxUploadBytes = 100_000;
const clock = new ManualClock(Date.now());
let server: TestServer;
let owner: TestClient;
let guest: TestClient;
let outsider: TestClient;
let home: ServerState;

beforeAll(async () => {
  server = await startTestServer({ maxUploadBytes, uploadQuotaBytes: 150_000, accessTokenTtlMs: 1e9 }, { clock });
  owner = await TestClient.register(server.url, "owner");
  guest = await TestClient.register(server.url, "guest");
  outsider = await TestClient.register(server.url, "outsider");
  home = await owner.createServer();
  await guest.join(await owner.invite(home.id));
});
afterAll(() => server.cleanup());

async function uploaded(bytes: BlobPart, name: string, type?: string): Promise<Attachment> {
  const answer = await owner.upload(bytes, name, type);
  expect(answer.status).toBe(201);
  return answer.body;
}

async function sent(...attachments: Attachment[]): Promise<Message> {
  return owner.send(home.channels[0]!.id, "", { attachments: attachments.map(({ file_url }) => file_url) });
}

async function storedFiles(): Promise<string[]> {
  const entries = await readdir(join(server.config.dataDir, "uploads"), { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
}

async function answerOf(request: ClientRequest): Promise<number | undefined> {
  const [answer] = (await once(request, "response")) as [IncomingMessage];
  answer.resume();
  await once(answer, "end");
  return answer.statusCode;
}

describe("an upload", () => {
  test("gets its type and image size from its bytes, and a generated URL", async () => {
    const picture = await uploaded(png, "тест.png", "text/html");
    expect(picture).toMatchObject({ filename: "тест.png", content_type: "image/png", size: png.length });
    expect(picture).toMatchObject({ width: 1, height: 1 });
    expect((await storedFiles()).join()).not.toMatch(/тест|png/);
    const response = await fetch(server.url + picture.file_url, {
      headers: { authorization: `Bearer ${owner.token}` },
    });
    expect(Buffer.from(await response.arrayBuffer())).toEqual(png);
    await owner.delete(`/api/attachments/${picture.id}`);
  });

  test.each([
    ["page.html", "text/html", "<!doctype html><script>alert(1)</script>"],
    ["image.svg", "image/svg+xml", '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>'],
    ["image.svg", "image/svg+xml", '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'],
    ["code.js", "text/javascript", "alert(1)"],
    ["feed.xml", "application/xml", '<?xml version="1.0"?><a/>'],
    ["picture.png", "image/png", "<script>not a picture</script>"],
    ["notes.txt", "text/plain", "just a few words"],
    ["empty", "image/png", ""],
  ])("of %s as %s is never served as a page", async (name, type, text) => {
    const { id, file_url, content_type } = await uploaded(text, name, type);
    expect(["application/octet-stream", "text/plain"]).toContain(content_type);
    const { status, headers } = await owner.request("GET", file_url);
    expect(status).toBe(200);
    expect(headers.get("content-disposition")).toMatch(/^attachment/);
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("content-security-policy")).toBe("default-src 'none'; sandbox");
    expect(headers.get("content-type")).not.toMatch(/html|xml|script/);
    await owner.delete(`/api/attachments/${id}`);
  });

  test("is stored with a sanitized filename", async () => {
    for (const [given, kept] of [
      ["../../etc/passwd", "passwd"],
      ["C:\\Users\\me\\a.txt", "a.txt"],
      [`${"x".repeat(300)}.png`, `${"x".repeat(196)}.png`],
      ["photo\u202Egpj.exe", "photogpj.exe"],
      ["in\u200Bvoice\u2060.pdf", "invoice.pdf"],
      ["\u3164\u200B", "file"],
      [`a${"\u0323\u0301".repeat(20)}.txt`, `ạ${"\u0323".repeat(4)}.txt`],
    ] as const) {
      const { filename, id } = await uploaded("x", given);
      expect(filename).toBe(kept);
      await owner.delete(`/api/attachments/${id}`);
    }
  });

  test("above the size limit is refused while it arrives, and its data is removed", async () => {
    const before = await storedFiles();
    const announced = await owner.upload(Buffer.alloc(maxUploadBytes * 2), "big.bin");
    expect(announced).toMatchObject({ status: 413, code: "too_large" });
    expect(await owner.upload(Buffer.alloc(maxUploadBytes + 1), "big.bin")).toMatchObject({ status: 413 });
    expect(await storedFiles()).toEqual(before);
    const fitting = await uploaded(Buffer.alloc(maxUploadBytes), "fits.bin");
    await owner.delete(`/api/attachments/${fitting.id}`);
  });

  test("above the quota of unsent uploads is refused until one is sent or removed", async () => {
    const first = await uploaded(Buffer.alloc(90_000), "1.bin");
    const second = await owner.upload(Buffer.alloc(90_000), "2.bin");
    expect(second).toMatchObject({ status: 422, code: "limit_reached" });
    await sent(first);
    const third = await uploaded(Buffer.alloc(90_000), "3.bin");
    await owner.delete(`/api/attachments/${third.id}`);
  });

  test("counts with a block of the disk at least, so that there is no number of tiny ones", async () => {
    const large = await uploaded(Buffer.alloc(99_000), "large.bin");
    const tiny = [];
    for (
      let answer = await owner.upload("x", "tiny");
      answer.status === 201;
      answer = await owner.upload("x", "tiny")
    ) {
      tiny.push(answer.body);
      if (tiny.length > 20) break;
    }
    expect(tiny).toHaveLength(12);
    for (const { id } of [large, ...tiny]) await owner.delete(`/api/attachments/${id}`);
  });

  test("that is refused leaves its HTTP connection usable", async () => {
    const first = await uploaded(Buffer.alloc(90_000), "1.bin");
    const full = await uploaded(Buffer.alloc(60_000), "2.bin");
    const form = new FormData();
    form.set("file", new Blob([Buffer.alloc(100_000)]), "3.bin");
    const request = new Request(server.url, { method: "POST", body: form });
    const body = Buffer.from(await request.arrayBuffer());
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const post = () =>
      answerOf(
        httpRequest(`${server.url}/api/attachments`, {
          agent,
          method: "POST",
          headers: { "content-type": request.headers.get("content-type")!, authorization: `Bearer ${owner.token}` },
        }).end(body),
      );
    expect([await post(), await post()]).toEqual([422, 422]);
    agent.destroy();
    for (const { id } of [first, full]) await owner.delete(`/api/attachments/${id}`);
  });

  test("that is none is refused with a reason", async () => {
    const form = new FormData();
    form.set("field", "no file");
    expect(await owner.request("POST", "/api/attachments", { body: form })).toMatchObject({ status: 400 });
    const json = await owner.request("POST", "/api/attachments", { body: { file: "x" } });
    expect(json).toMatchObject({ status: 415, code: "unsupported_media" });
    const headers = { "content-type": "multipart/form-data; boundary=x" };
    const broken = await owner.request("POST", "/api/attachments", { body: "cut off", headers });
    expect(broken.status).toBe(400);
  });

  test("whose form calls other fields JSON parses none that is long", async () => {
    const parse = vi.spyOn(JSON, "parse");
    const json = "[".repeat(400_000) + "]".repeat(400_000);
    const parts = [
      `--b\r\ncontent-disposition: form-data; name="other"\r\ncontent-type: application/json\r\n\r\n${json}\r\n`,
      '--b\r\ncontent-disposition: form-data; name="file"; filename="a.bin"\r\n\r\nfile\r\n--b--\r\n',
    ];
    const answer = await fetch(`${server.url}/api/attachments`, {
      method: "POST",
      headers: { authorization: `Bearer ${owner.token}`, "content-type": "multipart/form-data; boundary=b" },
      // Streamed: only a form that announces its length is refused for it.
      body: new Blob(parts).stream(),
      duplex: "half",
    } as RequestInit);
    const parsed = parse.mock.calls.map(([text]) => text.length);
    parse.mockRestore();
    expect(Math.max(0, ...parsed)).toBeLessThan(10_000);
    const { id } = (await answer.json()) as Attachment;
    await owner.delete(`/api/attachments/${id}`);
  });

  test("can be attached to one message, by its uploader only", async () => {
    const file = await uploaded(png, "a.png");
    const body = { content: "stolen", attachments: [file.id] };
    const channel = `/api/channels/${home.channels[0]!.id}/messages`;
    expect(await guest.request("POST", channel, { body })).toMatchObject({ status: 400 });
    const message = await sent(file);
    expect(message.attachments).toEqual([file]);
    expect(await owner.request("POST", channel, { body })).toMatchObject({ status: 400 });
    expect(await owner.request("DELETE", `/api/attachments/${file.id}`)).toMatchObject({ status: 404 });
  });
});

describe("reading an attachment", () => {
  test("is allowed to the uploader before sending, to members after it, and to nobody after deletion", async () => {
    const file = await uploaded(png, "secret.png");
    const statusFor = async (client: TestClient) => (await client.request("GET", file.file_url)).status;
    expect(await Promise.all([owner, guest, outsider].map(statusFor))).toEqual([200, 404, 404]);
    const message = await sent(file);
    expect(await Promise.all([owner, guest, outsider].map(statusFor))).toEqual([200, 200, 404]);
    expect(await statusFor(new TestClient(server.url))).toBe(401);
    await owner.delete(`/api/messages/${message.id}`);
    expect(await Promise.all([guest, outsider].map(statusFor))).toEqual([404, 404]);
  });

  test("is refused after leaving the server", async () => {
    const member = await TestClient.register(server.url, "shortlived");
    await member.join(await owner.invite(home.id));
    const file = await uploaded(png, "a.png");
    await sent(file);
    expect((await member.request("GET", file.file_url)).status).toBe(200);
    await member.post(`/api/servers/${home.id}/leave`);
    expect((await member.request("GET", file.file_url)).status).toBe(404);
  });

  test("works with the files cookie, which authorizes nothing else and ends with the session", async () => {
    const file = await uploaded(png, "a.png");
    await sent(file);
    const page = new TestClient(server.url);
    page.cookies.set("miscord_files", owner.cookies.get("miscord_files")!);
    const answer = await page.request("GET", file.file_url);
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-disposition")).toMatch(/^inline/);
    expect(answer.headers.get("cache-control")).toMatch(/^private/);
    // Two tokens are none: the cookie opens the file, and not for pages of other origins.
    const twice = await page.request("GET", `${file.file_url}?token=a&token=b`);
    expect([twice.status, twice.headers.get("cross-origin-resource-policy")]).toEqual([200, "same-origin"]);
    expect((await page.request("GET", "/api/servers")).status).toBe(401);
    page.token = page.cookies.get("miscord_files")!;
    expect((await page.request("GET", "/api/servers")).status).toBe(401);

    const device = await TestClient.logIn(server.url, "owner");
    const cookie = device.cookies.get("miscord_files")!;
    await device.post("/api/auth/logout");
    page.token = null;
    page.cookies.set("miscord_files", cookie);
    expect((await page.request("GET", file.file_url)).status).toBe(401);
  });

  test("supports ranges and 304 for an unchanged file", async () => {
    const file = await uploaded("0123456789", "digits.txt", "text/plain");
    const get = (headers: Record<string, string>) => owner.request<string>("GET", file.file_url, { headers });
    const part = await get({ range: "bytes=2-4" });
    expect(part).toMatchObject({ status: 206, body: "234" });
    expect(part.headers.get("content-range")).toBe("bytes 2-4/10");
    expect(await get({ range: "bytes=7-" })).toMatchObject({ status: 206, body: "789" });
    expect(await get({ range: "bytes=-3" })).toMatchObject({ status: 206, body: "789" });
    expect(await get({ range: "bytes=10-" })).toMatchObject({ status: 416 });
    expect(await get({ range: "bytes=0-1,3-4" })).toMatchObject({ status: 200, body: "0123456789" });
    const etag = part.headers.get("etag")!;
    expect(await get({ "if-none-match": etag })).toMatchObject({ status: 304 });
    expect(await get({ range: "bytes=2-4", "if-range": '"other"' })).toMatchObject({ status: 200 });
    const head = await owner.request("HEAD", file.file_url);
    expect(head.headers.get("content-length")).toBe("10");
    await owner.delete(`/api/attachments/${file.id}`);
  });
});

test("a deleted message takes its files with it at once, and so do a deleted channel and server", async () => {
  const before = await storedFiles();
  const file = await uploaded(png, "deleted.png");
  await owner.delete(`/api/messages/${(await sent(file)).id}`);
  expect(await storedFiles()).toEqual(before);
  expect((await owner.request("GET", file.file_url)).status).toBe(404);

  const home = await owner.createServer();
  const [channel] = home.channels;
  const second = await owner.post<Channel>(`/api/servers/${home.id}/channels`, { name: "second" });
  for (const { id } of [channel!, second]) {
    await owner.send(id, "", { attachments: [(await uploaded(png, "with-its-channel.png")).id] });
  }
  expect(await storedFiles()).toHaveLength(before.length + 2);
  await owner.delete(`/api/channels/${second.id}`);
  expect(await storedFiles()).toHaveLength(before.length + 1);
  await owner.delete(`/api/servers/${home.id}`);
  expect(await storedFiles()).toEqual(before);
});

test("housekeeping removes unsent uploads after a day and keeps sent ones", async () => {
  const kept = await uploaded(png, "kept.png");
  await sent(kept);
  const unsent = await uploaded(png, "unsent.png");
  const before = (await storedFiles()).length;
  clock.leap(24 * 3_600_000);
  await vi.waitFor(
    async () => {
      clock.leap(600_000);
      expect((await owner.request("GET", unsent.file_url)).status).toBe(404);
      expect((await storedFiles()).length).toBeLessThanOrEqual(before - 1);
    },
    { timeout: 60_000 },
  );
  expect((await owner.request("GET", kept.file_url)).status).toBe(200);
});
