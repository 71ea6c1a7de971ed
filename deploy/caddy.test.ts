import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { freePort } from "../apps/server/src/testing/free-port.ts";
import { startTestServer, type TestServer } from "../apps/server/src/testing/test-server.ts";

describe("deploy/Caddyfile under Debian's Caddy", () => {
  let server: TestServer;
  let caddy: ChildProcess;
  let folder: string;
  let front: string;
  let output = "";

  beforeAll(async () => {
    server = await startTestServer({ trustedProxies: ["127.0.0.1"] });
    folder = await mkdtemp(join(tmpdir(), "miscord-caddy-"));
    const [port, adminPort] = [await freePort(), await freePort()];
    front = `127.0.0.1:${port}`;
    const env = {
      PATH: process.env["PATH"],
      HOME: folder,
      CADDY_ADMIN: `127.0.0.1:${adminPort}`,
      MISCORD_DOMAIN: `http://${front}`,
      MISCORD_PORT: String(server.port),
    };
    const config = join(import.meta.dirname, "Caddyfile");
    caddy = spawn("/usr/bin/caddy", ["run", "--config", config], { env, stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [caddy.stdout!, caddy.stderr!]) stream.on("data", (chunk) => (output += String(chunk)));
    const isUp = async () => expect((await fetch(`http://${front}/health/live`)).status, output).toBe(200);
    await vi.waitFor(isUp, { timeout: 20_000, interval: 100 });
  });

  afterAll(async () => {
    caddy.kill();
    await once(caddy, "exit");
    await server.cleanup();
    await rm(folder, { recursive: true, force: true });
  });

  const secrets = {
    authorization: "Bearer second-secret",
    cookie: "miscord_files=third-secret",
    "sec-websocket-protocol": "miscord, bearer.fourth-secret",
    referer: "http://elsewhere.example/?token=fifth-secret",
  };

  async function closeCodeOf(path: string, protocols: string[]): Promise<number> {
    const socket = new WebSocket(`ws://${front}${path}`, protocols);
    const [{ code }] = (await once(socket, "close")) as [CloseEvent];
    return code;
  }

  test("the access log holds no token of a socket, whichever way it was sent", async () => {
    expect(await closeCodeOf("/ws/main", ["miscord", "bearer.first-secret"])).toBe(4001);
    expect(await closeCodeOf("/ws/main?token=second-secret", [])).toBe(4001);
    await fetch(`http://${front}/api/auth/me`, {
      headers: { authorization: "Bearer third-secret", cookie: "miscord_files=fourth-secret" },
    });
    await expect.poll(() => output.match(/"uri":"\/(ws\/main|api\/auth\/me)/g)?.length).toBe(3);
    expect(output).not.toMatch(/(first|second|third|fourth)-secret/);
  });

  test("the log of errors while Miscord does not answer holds no token either", async () => {
    await server.stop();
    output = "";
    expect((await fetch(`http://${front}/api/auth/me`, { headers: secrets })).status).toBe(502);
    expect((await fetch(`http://${front}/ws/main?token=first-secret`, { headers: secrets })).status).toBe(502);
    await expect.poll(() => output.match(/"logger":"http\.log\.error/g)?.length).toBe(2);
    await expect.poll(() => output.match(/"logger":"http\.log\.access/g)?.length).toBe(2);
    expect(output).not.toMatch(/(first|second|third|fourth|fifth)-secret/);
  });
});
