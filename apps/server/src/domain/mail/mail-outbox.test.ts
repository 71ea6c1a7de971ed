import type { InstanceMail } from "@miscord/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openMailWorld, publicUrl, type MailWorld } from "../../testing/mail-world.ts";
import { TestClient } from "../../testing/test-client.ts";

const dayMs = 86_400_000;
const password = "correct horse battery";
const firefox = (version: number) =>
  `Mozilla/5.0 (X11; Linux x86_64; rv:${version}.0) Gecko/20100101 Firefox/${version}.0`;
let world: MailWorld;
let admin: TestClient;

beforeAll(async () => {
  world = await openMailWorld({ instanceName: "Our\r\nBcc: evil@example.org\r\nplace" });
  admin = await TestClient.logIn(world.server.url, "root");
});
afterAll(() => world.cleanup());

const mailsTo = (address: string) => world.smtp.received.filter(({ to }) => to.includes(address));
const askReset = (email: string) => new TestClient(world.server.url).post("/api/auth/reset-mail", { email });

async function stateOfMail(): Promise<InstanceMail> {
  await admin.refresh();
  return admin.get<InstanceMail>("/api/admin/mail");
}

function logIn(username: string, agent: string) {
  const headers = { "user-agent": agent };
  return new TestClient(world.server.url).request("POST", "/api/auth/login", { headers, body: { username, password } });
}

test("a mail that the mail server refuses for now is sent later, once; one that it refuses for good is dropped", async () => {
  await world.confirmed("patient");
  world.smtp.refuseWith({ status: 451, message: "4.7.1 patient@example.org: try later" });
  await askReset("patient@example.org");
  await expect.poll(async () => (world.clock.leap(1_000), (await stateOfMail()).failed)).not.toBeNull();
  expect(await stateOfMail()).toMatchObject({ waiting: 1, failed: { reason: "EENVELOPE 451" } });
  world.smtp.refuseWith(null);
  await world.mailTo("patient@example.org", 2);
  await world.settled();
  expect(mailsTo("patient@example.org")).toHaveLength(2);
  expect(await stateOfMail()).toMatchObject({ waiting: 0, failed: null, from: "miscord@example.org" });
  world.smtp.refuseWith({ status: 550, message: "5.1.1 no such mailbox" });
  await askReset("patient@example.org");
  await world.settled();
  expect(await stateOfMail()).toMatchObject({ failed: { reason: "EENVELOPE 550" } });
  world.smtp.refuseWith(null);
  expect(mailsTo("patient@example.org")).toHaveLength(2);
  expect(world.logged()).toContain("the mail server did not take a mail");
  expect(world.logged()).not.toContain("patient@example.org");
});

test("an administrator sends a test mail to their own address, and nobody else does", async () => {
  await admin.refresh();
  expect(await admin.request("POST", "/api/admin/mail/test")).toMatchObject({ status: 409, code: "conflict" });
  await admin.put("/api/auth/email", { email: "root@example.org" });
  expect(await admin.post("/api/admin/mail/test")).toEqual({ reason: null });
  expect(mailsTo("root@example.org").some(({ text }) => text.includes("arrive"))).toBe(true);
  world.smtp.refuseWith({ status: 550, message: "no" });
  expect(await admin.post("/api/admin/mail/test")).toEqual({ reason: "EENVELOPE 550" });
  world.smtp.refuseWith(null);
});

test("a login from a new device is told of, in words of ours; one from a known browser, updated or not, is not", async () => {
  await world.confirmed("traveller");
  await logIn("traveller", firefox(140));
  const notice = await world.mailTo("traveller@example.org", 2);
  expect(notice.text).toContain("Firefox · Linux");
  await logIn("traveller", firefox(141));
  await logIn("traveller", '<a href="http://evil.example">click</a> http://evil.example');
  const other = await world.mailTo("traveller@example.org", 3);
  expect(other.text).toContain("Unknown device");
  expect(other.source).not.toContain("evil.example");
  await world.settled();
  expect(mailsTo("traveller@example.org")).toHaveLength(3);
});

test("who switched notices off gets none, and still hears that the address was changed", async () => {
  const client = await world.confirmed("quiet");
  await client.patch("/api/auth/email", { notices: false });
  await client.post("/api/auth/password", { current_password: password, new_password: "a quite different one" });
  await client.delete("/api/auth/email");
  expect((await world.mailTo("quiet@example.org", 2)).text).toContain("no longer belongs to your account");
  await world.settled();
  expect(mailsTo("quiet@example.org")).toHaveLength(2);
});

test("missed mentions come once a day to who asked for them, without links of others and without what was read", async () => {
  const [author, reader, other] = [
    await world.confirmed("author.example"),
    await world.confirmed("reader"),
    await world.confirmed("silent"),
  ];
  const home = await author.createServer("http://evil.example <b>");
  const code = await author.invite(home.id);
  for (const client of [reader, other]) await client.join(code);
  await reader.patch("/api/auth/email", { digest: true });
  const channelId = home.channels[0]!.id;
  for (const text of ["one", "two"]) await author.send(channelId, `@reader @silent ${text}`);
  world.clock.leap(dayMs);
  const digest = await world.mailTo("reader@example.org", 2);
  expect(digest.text).toMatch(/^- http:\u2060\/\u2060\/\u2060evil\.\u2060example <b>, #general: 2$/m);
  expect(digest.html).toContain("&lt;b&gt;");
  expect([...digest.html.matchAll(/href="([^"]*)"/g)].map(([, url]) => url)).toEqual([publicUrl]);
  await author.refresh();
  await author.send(channelId, "@reader three");
  await reader.refresh();
  await reader.post("/api/notifications/read", { ids: null });
  world.clock.leap(dayMs);
  await world.settled();
  expect(mailsTo("reader@example.org")).toHaveLength(2);
  expect(mailsTo("silent@example.org")).toHaveLength(1);
});

test("no name that somebody chose adds a header, and all mails are one of text and one of HTML", () => {
  for (const { headers, html, text } of world.smtp.received) {
    expect([...headers.keys()].filter((name) => /bcc|evil/.test(name))).toEqual([]);
    expect(headers.get("content-type")).toContain("multipart/alternative");
    expect([html, text]).not.toContain("");
  }
  expect(mailsTo("evil@example.org")).toEqual([]);
  const greeting = mailsTo("author.example@example.org")[0]!.text;
  expect(greeting).toContain("Hello author.\u2060example,");
});
