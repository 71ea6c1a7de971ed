import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ServerMetrics } from "@miscord/protocol";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startPostgres } from "../testing/postgres.ts";
import { startRedis } from "../testing/redis.ts";
import { serverScript } from "../testing/server-script.ts";

let folder: string;
let running: ChildProcess[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "miscord-workers-"));
});
afterEach(() => {
  for (const child of running) child.kill("SIGKILL");
  running = [];
  rmSync(folder, { recursive: true, force: true });
});

const operator = "operator-of-this-test";
const byHandle = fileURLToPath(new URL("./testing/serve-by-handle.ts", import.meta.url));

/** Runs a script with the settings, two workers and the test's data folder. */
function run(script: string, settings: Record<string, string> = {}) {
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", script], {
    env: {
      PATH: process.env["PATH"],
      WORKERS: "2",
      PORT: "0",
      DATA_DIR: folder,
      LOG_DIR: join(folder, "logs"),
      ...settings,
    },
  });
  running.push(child);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const ended = once(child, "close").then(([code]) => code as number | null);
  const url = async () => {
    await expect.poll(() => output, { timeout: 120_000 }).toMatch(/http:/);
    return /http:\/\/\S+/.exec(output)![0];
  };
  return { child, ended, url, output: () => output };
}

test("workers that listen on the primary's handle, as on other systems than Linux, serve and stop", async () => {
  const { child, ended, url } = run(byHandle);
  const address = await url();
  const answers = await Promise.all(Array.from({ length: 20 }, () => fetch(`${address}/api/instance`)));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  child.kill("SIGTERM");
  expect(await ended).toBe(0);
});

test("one log has the entries of all workers, and each keeps a history of its own", async () => {
  const { child, ended, url } = run(serverScript());
  await url();
  child.kill("SIGTERM");
  expect(await ended).toBe(0);
  const lines = readFileSync(join(folder, "logs/websocket.log"), "utf8").trim().split("\n");
  const entries = lines.filter(Boolean).map((line) => JSON.parse(line) as { worker?: number });
  expect(entries.every(({ worker }) => worker === undefined || worker === 1 || worker === 2)).toBe(true);
  expect(readdirSync(folder).filter((name) => name.startsWith("monitor"))).toEqual([
    "monitor-1.jsonl",
    "monitor-2.jsonl",
  ]);
});

test("a port in use, and a folder that another Miscord uses, end the start with one sentence and code 1", async () => {
  const taken = createServer().listen(0);
  await once(taken, "listening");
  const { port } = taken.address() as { port: number };
  const refused = run(serverScript(), { PORT: String(port) });
  expect(await refused.ended).toBe(1);
  taken.close();
  expect(refused.output()).toMatch(/^Miscord cannot start\. Port \d+ is already in use\..*\n$/);

  const first = run(serverScript());
  await first.url();
  const second = run(serverScript());
  expect(await second.ended).toBe(1);
  expect(second.output()).toMatch(/^Miscord cannot start\. Another Miscord uses the data folder .*\n$/);
});

test("workers that end before they serve end the start with one sentence and code 1", async () => {
  const ending = `if (process.argv[1].includes("run-worker.")) process.exit(7)`;
  const { ended, output } = run(serverScript(), {
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(ending)}`,
  });
  expect(await ended).toBe(1);
  expect(output()).toBe("Miscord cannot start. A worker process ended (code 7) before it served.\n");
  expect(existsSync(join(folder, "miscord.db-wal")), "the database was not closed").toBe(false);
});

test("with PostgreSQL and Redis each worker is a node, and one of them prints the claim link", async () => {
  const [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
  try {
    const settings = { DATABASE_URL: postgres.createDatabase(), REDIS_URL: redis.url };
    const { child, ended, url, output } = run(serverScript(), settings);
    const address = await url();
    expect(output().match(/claim#/g)).toHaveLength(1);
    const metrics = async () => (await fetch(`${address}/metrics?format=prometheus`)).text();
    await expect.poll(metrics).toMatch(/^miscord_nodes\S* 2$/m);
    child.kill("SIGTERM");
    expect(await ended).toBe(0);
  } finally {
    await redis.dispose();
    postgres.dispose();
  }
});

test("whichever worker takes the operator's request, it answers for all workers", async () => {
  const { child, ended, url } = run(serverScript(), { METRICS_TOKEN: operator, RATE_CONNECTIONS: "1000/s" });
  const address = await url();
  const body = JSON.stringify({ username: "ann", password: "correct horse battery", email: "ann@example.org" });
  const registration = { method: "POST", headers: { "content-type": "application/json" }, body };
  const { access_token: token } = (await (await fetch(`${address}/api/auth/register`, registration)).json()) as {
    access_token: string;
  };
  const sockets = Array.from({ length: 8 }, () => new WebSocket(`${address}/ws/main?token=${token}`));
  await Promise.all(sockets.map((socket) => once(socket, "message")));
  const authorization = `Bearer ${operator}`;
  const read = (path: string) => fetch(`${address}${path}`, { headers: { authorization, connection: "close" } });
  // Each request is a connection of its own, so the kernel gives some to either worker.
  for (let round = 0; round < 10; round += 1) {
    const metrics = (await (await read("/metrics")).json()) as ServerMetrics;
    expect(metrics.main_websocket).toMatchObject({ total_connections: 8, circuit_breaker: "closed" });
    const text = await (await read("/metrics?format=prometheus")).text();
    const samples = [...text.matchAll(/^miscord_main_websocket_total_connections\{worker="(\d)"\} (\d+)$/gm)];
    expect(samples.map(([, worker]) => worker)).toEqual(["1", "2"]);
    expect(samples.reduce((sum, [, , count]) => sum + Number(count), 0)).toBe(8);
    expect(text.match(/^# TYPE miscord_info gauge$/gm)).toHaveLength(1);
  }
  const closed = Promise.all(sockets.map((socket) => once(socket, "close")));
  const shed = await fetch(`${address}/admin/shed`, {
    method: "POST",
    headers: { authorization, "content-type": "application/json" },
    body: JSON.stringify({ share: 1 }),
  });
  expect(await shed.json()).toMatchObject({ sockets: 8 });
  for (const [event] of await closed) expect((event as CloseEvent).code).toBe(1012);
  child.kill("SIGTERM");
  expect(await ended).toBe(0);
});
