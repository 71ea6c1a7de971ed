import type { Attachment, Message, ServerState } from "@miscord/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import { disable, enable } from "../../admin/accounts.ts";
import { ManualClock } from "../../testing/manual-clock.ts";
import { TestClient } from "../../testing/test-client.ts";
import { startTestServer, type TestServer } from "../../testing/test-server.ts";
import { OldClient } from "./testing/old-client.ts";

const clock = new ManualClock(Date.now());
const legacyTokenTtlMs = 7 * 86_400_000;
let server: TestServer;
let ann: TestClient;
/** A member whose page is of version 1. */
let bob: TestClient;
let bobToken: string;
let home: ServerState;
let channelId: number;

beforeAll(async () => {
  server = await startTestServer({ accessTokenTtlMs: 1e10, legacyTokenTtlMs }, { clock });
  [ann, bob] = [await TestClient.register(server.url, "ann"), await TestClient.register(server.url, "bob")];
  home = await ann.createServer();
  await bob.join(await ann.invite(home.id));
  channelId = home.channels.find(({ type }) => type === "text")!.id;
  bobToken = await formToken("bob");
});
afterAll(() => server.cleanup());

async function formToken(username: string): Promise<string> {
  const body = new URLSearchParams({ username, password: "correct horse battery" });
  const response = await fetch(`${server.url}/api/auth/login`, { method: "POST", body });
  return ((await response.json()) as { access_token: string }).access_token;
}

function oldPage(token = bobToken): TestClient {
  const client = new TestClient(server.url);
  client.token = token;
  return client;
}

/** As an image of a page asks for it: without a header and without a cookie. */
const statusOf = async (url: string) => (await fetch(server.url + url)).status;

async function sendFile(): Promise<Message> {
  const { body } = await ann.upload("a picture", "cat & dog.txt", "text/plain");
  return ann.send(channelId, "look", { attachments: [body.id] });
}

async function linkFor(page: TestClient, messageId: number): Promise<string> {
  const { messages } = await page.get<{ messages: Message[] }>(`/api/channels/${channelId}/messages`);
  return messages.find(({ id }) => id === messageId)!.attachments[0]!.file_url;
}

test("a frame of version 1 gives each reader an address that opens the file by itself", async () => {
  const paths = [bobToken, await formToken("ann")].map((token) =>
    OldClient.connect(server.url, `/ws/legacy/chat/${channelId}`, token),
  );
  const [forBob, forAnn] = await Promise.all(paths);
  for (const old of [forBob!, forAnn!]) await old.joined();
  const { id, attachments } = await sendFile();
  const urls = await Promise.all(
    [forBob!, forAnn!].map(async (client) => {
      const frame = await client.next("new_message", ({ data }) => data.id === id);
      return (frame["data"].attachments as Attachment[])[0]!.file_url;
    }),
  );
  expect(attachments[0]!.file_url).not.toContain("token=");
  expect(urls[0]).toMatch(/\?token=/);
  expect(urls[0]).not.toBe(urls[1]);
  expect(await Promise.all(urls.map(statusOf))).toEqual([200, 200]);
  const response = await fetch(server.url + urls[0]!);
  expect(response.headers.get("cross-origin-resource-policy")).toBe("cross-origin");
  await Promise.all([forBob!.close(), forAnn!.close()]);
});

test("answers over HTTP carry such addresses for a login by form, and for no other login", async () => {
  const { id } = await sendFile();
  expect(await statusOf(await linkFor(oldPage(), id))).toBe(200);
  const plain = await linkFor(bob, id);
  expect(plain).not.toContain("token=");
  expect(await statusOf(plain)).toBe(401);
});

test("an upload of version 1 answers with an address that opens, and that a message takes", async () => {
  const page = oldPage();
  const { body } = await page.upload("mine", "mine.txt", "text/plain");
  expect(await statusOf(body.file_url)).toBe(200);
  const sent = await page.send(channelId, "mine", { attachments: [body.file_url] });
  expect(sent.attachments).toMatchObject([{ id: body.id }]);
});

test("the address opens no other file and nothing else", async () => {
  const [first, second] = [await sendFile(), await sendFile()];
  const url = new URL(await linkFor(oldPage(), first.id), server.url);
  const token = url.searchParams.get("token")!;
  const other = `/api/attachments/${second.attachments[0]!.id}`;
  expect(await statusOf(`${other}?token=${token}`)).toBe(401);
  expect((await oldPage(token).request("GET", "/api/servers")).status).toBe(401);
  expect(await statusOf(`/api/servers?token=${token}`)).toBe(401);
  // Neither does a token of another kind open a file, nor one for another user.
  expect(await statusOf(`${url.pathname}?token=${bobToken}`)).toBe(401);
  const [user, ...rest] = token.split(".");
  expect(await statusOf(`${url.pathname}?token=${[ann.me.id.toString(36), ...rest].join(".")}`)).toBe(401);
  const [expiry, signature] = rest;
  const later = (Number.parseInt(expiry!, 36) + 3_600_000).toString(36);
  expect(await statusOf(`${url.pathname}?token=${[user, later, signature].join(".")}`)).toBe(401);
  expect(await statusOf(`${url.pathname}?token=`)).toBe(401);
});

test("the address closes with membership and opens again with it", async () => {
  const { id } = await sendFile();
  const url = await linkFor(oldPage(), id);
  await bob.post(`/api/servers/${home.id}/leave`);
  expect(await statusOf(url)).toBe(404);
  await bob.join(await ann.invite(home.id));
  expect(await statusOf(url)).toBe(200);
});

test("the address ends after the lifetime of the login, at most an hour later, and with a disabled account", async () => {
  const { id } = await sendFile();
  const url = await linkFor(oldPage(), id);
  clock.leap(legacyTokenTtlMs - 1_000);
  expect(await statusOf(url)).toBe(200);
  await disable(server.config, "bob");
  expect(await statusOf(url)).toBe(401);
  await enable(server.config, "bob");
  expect(await statusOf(url)).toBe(200);
  clock.leap(3_602_000);
  expect(await statusOf(url)).toBe(401);
});
