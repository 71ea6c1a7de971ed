import { spawn } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startMailServer, type MailServer } from "../testing/mail-server.ts";
import { startCoturn, type Coturn } from "../testing/coturn.ts";
import { freePort } from "../testing/free-port.ts";
import { startTestServer, type TestServer } from "../testing/test-server.ts";
import { serverScript } from "../testing/server-script.ts";

let server: TestServer;
let coturn: Coturn;
let smtp: MailServer;

beforeAll(async () => {
  [server, coturn, smtp] = await Promise.all([startTestServer(), startCoturn(), startMailServer()]);
});
afterAll(() => Promise.all([server.cleanup(), coturn.stop(), smtp.close()]));

/** Runs the doctor as a process, as an operator does. */
function examine(env: Record<string, string>): Promise<{ code: number | null; lines: string[] }> {
  const settings = { DATA_DIR: server.config.dataDir, STUN_URLS: "none", HOST: "127.0.0.1", ...env };
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", serverScript("doctor")], {
    env: { PATH: process.env["PATH"], ...settings },
    cwd: server.config.dataDir,
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += String(chunk)));
  return new Promise((resolve) => child.on("exit", (code) => resolve({ code, lines: output.trim().split("\n") })));
}

const line = (state: string, ...words: string[]) => expect.stringMatching(new RegExp(`^${state}.*${words.join(".*")}`));

test("the doctor reports a working instance as working", async () => {
  const { code, lines } = await examine({
    PORT: String(server.port),
    PUBLIC_URL: server.url,
    STUN_URLS: `stun:127.0.0.1:${coturn.port}`,
    TURN_URLS: `turn:127.0.0.1:${coturn.port},turn:127.0.0.1:${coturn.port}?transport=tcp`,
    TURN_SECRET: coturn.secret,
    SMTP_URL: smtp.url,
    SMTP_FROM: "miscord@example.org",
  });
  expect(lines.filter((text) => /^(?:FAIL|note)/.test(text))).toEqual([]);
  expect(lines).toEqual(
    expect.arrayContaining([
      line("ok", "Port", "Miscord answers"),
      line("ok", "Data folder"),
      line("ok", "HTTPS"),
      line("ok", "Public address"),
      line("ok", "WebSockets"),
      line("ok", "STUN"),
      line("ok", "TURN", "transport=tcp"),
      line("ok", "Mail", "miscord@example.org"),
    ]),
  );
  expect(code).toBe(0);
});

test("the doctor names each broken part and what to do about it", async () => {
  const other = createServer((_, response) => response.end("a shop")).listen(0, "127.0.0.1");
  await new Promise((resolve) => other.once("listening", resolve));
  const { port } = other.address() as AddressInfo;
  const { code, lines } = await examine({
    PORT: String(port),
    PUBLIC_URL: `http://127.0.0.1.nip.invalid:${port}`,
    STUN_URLS: `stun:127.0.0.1:${await freePort()}`,
    TURN_URLS: `turn:127.0.0.1:${coturn.port}`,
    TURN_SECRET: "not the one that coturn has",
    SMTP_URL: smtp.url.replace("miscord:", "other:"),
    SMTP_FROM: "miscord@example.org",
  });
  other.close();
  expect(lines).toEqual(
    expect.arrayContaining([
      line("FAIL", "Port", "--port"),
      line("FAIL", "HTTPS", "Caddyfile"),
      line("FAIL", "Public address", "proxy"),
      line("FAIL", "STUN", "does not answer"),
      line("FAIL", "TURN", "TURN_SECRET"),
      line("FAIL", "Mail", "EAUTH 535", "SMTP_URL"),
    ]),
  );
  expect(code).toBe(1);
});

test("the doctor notes missing settings and accepts a stopped server", async () => {
  const { code, lines } = await examine({ PORT: String(await freePort()), DATA_DIR: "not-there" });
  expect(lines).toEqual(
    expect.arrayContaining([
      line("ok", "Port", "free"),
      line("note", "Data folder", "first start"),
      line("note", "HTTPS", "PUBLIC_URL"),
      line("note", "TURN", "TURN_URLS"),
      line("note", "Mail", "SMTP_URL"),
    ]),
  );
  expect(code).toBe(0);
});
