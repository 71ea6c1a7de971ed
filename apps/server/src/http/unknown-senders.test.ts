import { once } from "node:events";
import { request as httpRequest, type IncomingMessage } from "node:http";
import { connect, type Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import type { Config } from "../config.ts";
import { TestClient } from "../testing/test-client.ts";
import { startTestServer, type TestServer } from "../testing/test-server.ts";

let server: TestServer;
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await server.cleanup();
});

const start = async (changes: Partial<Config> = {}) => void (server = await startTestServer(changes));

interface Asked {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
}

async function statusOf(path: string, { method = "GET", headers = {}, body = "" }: Asked = {}): Promise<number> {
  const request = httpRequest(server.url + path, { method, headers, agent: false });
  request.end(body);
  const [answer] = (await once(request, "response")) as [IncomingMessage];
  answer.resume();
  return answer.statusCode!;
}

const refused: [name: string, status: number, path: string, asked?: Asked][] = [
  ["an address that cannot be read", 400, "/%"],
  ["a part of an address that is too long", 400, `/api/servers/${"1".repeat(1_401)}/leave`, { method: "POST" }],
  ["an expectation that nobody knows", 404, "/api/nothing", { headers: { expect: "wonders" } }],
  ["the id of a file that is none", 400, "/api/attachments/x"],
  ["the id of an export that is none", 400, `/api/me/exports/${"x".repeat(201)}/a.zip`],
  ["the id of a webhook that is none", 400, "/api/webhooks/x/y"],
  ["a page of another origin that renews a session", 403, "/api/auth/refresh", from("https://evil.example", "{}")],
  ["a session that is renewed with a broken body", 400, "/api/auth/refresh", from(null, "{")],
];

function from(origin: string | null, body: string): Asked {
  const headers = { "content-type": "application/json", ...(origin !== null && { origin }) };
  return { method: "POST", headers, body };
}

test.each(refused)("%s counts for whoever sends it, as other requests of nobody do", async (_, status, path, asked) => {
  await start({ anonymousRate: { perSecond: 0.01, burst: 3 } });
  const statuses = [];
  for (let time = 0; time < 5; time += 1) statuses.push(await statusOf(path, asked));
  expect(statuses).toEqual([status, status, status, 429, 429]);
});

test("refusals of those who are known count for themselves, and not for their address", async () => {
  await start({ anonymousRate: { perSecond: 0.001, burst: 3 } });
  const ann = await TestClient.register(server.url, "ann");
  const cookie = [...ann.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  for (let time = 0; time < 5; time += 1) {
    expect((await ann.request("GET", "/api/servers/x")).status).toBe(400);
    expect(await statusOf("/api/attachments/12345", { headers: { cookie } })).toBe(404);
    expect(await statusOf("/api/me/exports/none/a.zip", { headers: { cookie } })).toBe(404);
    expect(await statusOf(`/api/pictures/${"a".repeat(24)}`, { headers: { cookie } })).toBeOneOf([400, 404]);
  }
  expect(await statusOf("/api/instance")).toBe(200);
});

test("no answer has a head that is as long as that of its request", async () => {
  await start({ corsOrigins: ["https://chat.example"] });
  const long = "x".repeat(7_000);
  const preflight = { origin: "https://chat.example", "access-control-request-method": "GET" };
  const asked: Asked[] = [
    { method: "OPTIONS", headers: { ...preflight, "access-control-request-headers": long } },
    { headers: { origin: `https://${long}`, "x-forwarded-host": long, "user-agent": long, range: `bytes=${long}` } },
    {
      headers: {
        "accept-encoding": long,
        "if-none-match": long,
        "x-request-id": long,
        cookie: `miscord_files=${long}`,
      },
    },
  ];
  for (const path of ["/api/instance", "/", "/api/attachments/1", "/api/auth/providers/none/callback"]) {
    for (const one of asked) expect(await headOf(path, one)).toBeLessThan(3_000);
    expect(await headOf(`${path}?a=${long}`)).toBeLessThan(3_000);
  }
});

/** Characters of the answer's head. */
async function headOf(path: string, { method = "GET", headers = {} }: Asked = {}): Promise<number> {
  const request = httpRequest(server.url + path, { method, headers, agent: false });
  request.end();
  const [answer] = (await once(request, "response")) as [IncomingMessage];
  answer.resume();
  return answer.rawHeaders.join("    ").length;
}

async function open(): Promise<Socket> {
  const socket = connect(server.port, "127.0.0.1");
  sockets.push(socket);
  socket.on("error", () => {});
  await once(socket, "connect");
  return socket;
}

const get = (path: string) => `GET ${path} HTTP/1.1\r\nhost: localhost\r\n\r\n`;

/** Sends it on a new connection. Resolves, once that was closed, with how many answers came. */
async function answersTo(text: string): Promise<number> {
  const socket = await open();
  let answers = "";
  socket.on("data", (data: Buffer) => (answers += data.toString("latin1")));
  socket.write(text);
  await expect.poll(() => socket.closed, { timeout: 15_000 }).toBe(true);
  return answers.split("HTTP/1.1 ").length - 1;
}

test("connections that bring thousands of requests at once are closed, and others are none the worse", async () => {
  await start();
  for (const path of ["/api/instance", "/%", "/"]) {
    expect(await answersTo(get(path).repeat(1_300)), path).toBeLessThan(30);
    expect(await answersTo(`${get(path).trim()}\r\nexpect: wonders\r\n\r\n`.repeat(900)), path).toBeLessThan(30);
  }
  // Their parsers serve other connections now.
  for (let time = 0; time < 20; time += 1) expect(await statusOf("/api/instance")).toBe(200);
});

const piece = "1\r\n \r\n";

test("so are those whose bodies come in thousands of tiny pieces, while some are read", async () => {
  await start();
  const head =
    "POST /api/auth/login HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n";
  expect(await answersTo(`${head}\r\n${piece.repeat(10_000)}`)).toBe(0);
  const whole = `${head}connection: close\r\n\r\n${piece.repeat(200)}2\r\n{}\r\n0\r\n\r\n`;
  expect(await answersTo(whole)).toBe(1);
  expect(await statusOf("/api/auth/login", from(null, "{}"))).toBe(400);
});

test("a form that cannot be read is a mistake of whoever sends it", async () => {
  await start();
  const send = (type: string, body: string) =>
    statusOf("/api/auth/login", { method: "POST", headers: { "content-type": type }, body });
  expect(await send("multipart/form-data", "a")).toBe(400);
  expect(await send("multipart/form-data; boundary=x", "a")).toBe(400);
  expect(
    await send("multipart/form-data; boundary=x", '--x\r\ncontent-disposition: form-data; name="a"\r\n\r\nb'),
  ).toBe(400);
});

test("some requests that a connection brings at once are answered in their order", async () => {
  await start();
  const socket = await open();
  let answers = "";
  socket.on("data", (data: Buffer) => (answers += data.toString("latin1")));
  socket.write(get("/api/instance") + get("/api/nothing") + get("/health/live").repeat(8));
  const statuses = () => [...answers.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status);
  await expect.poll(statuses).toEqual(["200", "404", ...Array.from({ length: 8 }, () => "200")]);
});

test.each([
  ["a head that is too long", `GET / HTTP/1.1\r\nhost: x\r\na: ${"x".repeat(20_000)}\r\n\r\n`, 431],
  ["what is no request", "GET / HTTP/1.1\r\nhost: x\r\na b: c\r\n\r\n", 400],
  ["a method that nobody knows", "WONDER / HTTP/1.1\r\nhost: x\r\n\r\n", 400],
])("%s is answered with the word that the connection ends", async (_, text, status) => {
  await start();
  const socket = await open();
  let answer = "";
  socket.on("data", (data: Buffer) => (answer += data.toString("latin1")));
  socket.write(text);
  await once(socket, "close");
  expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  expect(answer).toContain("\r\nConnection: close\r\n");
});
