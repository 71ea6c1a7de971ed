import { closeCodes } from "@miscord/protocol";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { serverScript } from "./testing/server-script.ts";

let folder: string;
let running: ChildProcess[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "miscord-test-"));
});
afterEach(() => {
  for (const child of running) child.kill("SIGKILL");
  running = [];
  rmSync(folder, { recursive: true, force: true });
});

function start(args: string[], environment: Record<string, string> = {}) {
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", serverScript(), ...args], {
    cwd: join(import.meta.dirname, ".."),
    env: { PATH: process.env["PATH"], LOG_LEVEL: "error", LOG_DIR: join(folder, "logs"), ...environment },
  });
  running.push(child);
  const output = { stdout: "", stderr: "" };
  child.stdout.on("data", (chunk: Buffer) => (output.stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (output.stderr += chunk.toString()));
  const ended = once(child, "close").then(([code]) => ({ code: code as number, ...output }));
  return { child, output, ended };
}

async function started(args: string[], environment?: Record<string, string>) {
  const run = start(args, environment);
  await expect.poll(() => run.output.stdout + run.output.stderr).toContain("running at");
  const url = /running at (\S+)/.exec(run.output.stdout)![1]!;
  return { ...run, url };
}

/** Expects exit code 1 and a message without a stack trace. */
function expectSentence({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }): void {
  expect(code).toBe(1);
  expect(stdout).toBe("");
  expect(stderr).not.toMatch(/^\s+at /m);
}

test.each(["SIGTERM", "SIGINT"] as const)(
  "the server process serves, keeps its database private, and stops on %s",
  async (signal) => {
    const run = await started(["--port", "0", "--data", folder]);
    expect(run.output.stdout).toMatch(/open http:\/\/localhost:\d+\/claim#\S+/);
    const answer = await fetch(`${run.url}/api/instance`);
    expect(answer.status).toBe(200);
    expect(statSync(join(folder, "miscord.db")).mode & 0o777).toBe(0o600);
    run.child.kill(signal);
    expect((await run.ended).code).toBe(0);
  },
);

/** The code with which the server closes a connection without a token. */
async function closeCode(url: string): Promise<number> {
  const socket = new WebSocket(`${url.replace("http", "ws")}/ws/main`);
  const [{ code }] = (await once(socket, "close")) as [CloseEvent];
  return code;
}

test("a second signal does not interrupt a planned stop", async () => {
  const run = await started(["--port", "0", "--data", folder]);
  // A peer that does not answer the close frame delays the stop.
  const peer = connect({ host: "localhost", port: Number(new URL(run.url).port), allowHalfOpen: true });
  peer.write(
    "GET /ws/main HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n",
  );
  await once(peer, "data");
  run.child.kill("SIGTERM");
  await expect.poll(() => closeCode(run.url)).toBe(closeCodes.tryAgainLater);
  run.child.kill("SIGTERM");
  expect((await run.ended).code).toBe(0);
  peer.destroy();
});

/** Makes SIGUSR2 terminate the worker thread that was used last, as a crash of it would. */
const killable = `
  import { Worker } from "node:worker_threads";
  const { postMessage } = Worker.prototype;
  let last;
  Worker.prototype.postMessage = function (...args) {
    last = this;
    return postMessage.apply(this, args);
  };
  process.on("SIGUSR2", () => last.terminate());
`;

test("a database thread that dies ends the process with exit code 1", async () => {
  const hook = `--import=data:text/javascript,${encodeURIComponent(killable)}`;
  const run = await started(["--port", "0", "--data", folder], { NODE_OPTIONS: hook });
  run.child.kill("SIGUSR2");
  expect((await run.ended).code).toBe(1);
});

test("a port in use is reported in one sentence", async () => {
  const taken = createServer().listen(0);
  await once(taken, "listening");
  const { port } = taken.address() as { port: number };
  const result = await start(["--port", String(port), "--data", folder]).ended;
  taken.close();
  expectSentence(result);
  expect(result.stderr).toContain(`Port ${port} is already in use`);
});

test("a data folder that cannot be written to is reported in one sentence", async () => {
  const file = join(folder, "file");
  writeFileSync(file, "");
  const result = await start(["--port", "0", "--data", join(file, "data")]).ended;
  expectSentence(result);
  expect(result.stderr).toContain(join(file, "data"));
});

test("a database file that is not SQLite is reported in one sentence", async () => {
  writeFileSync(join(folder, "miscord.db"), "this is no database, but long enough to be taken for one ".repeat(100));
  const result = await start(["--port", "0", "--data", folder]).ended;
  expectSentence(result);
  expect(result.stderr).toContain("miscord.db");
});

test("a PostgreSQL that cannot be reached is reported in one sentence, without the password", async () => {
  const DATABASE_URL = "postgres://ann:secret-word@127.0.0.1:1/chat";
  const result = await start(["--port", "0", "--data", folder], { DATABASE_URL }).ended;
  expectSentence(result);
  expect(result.stderr).toBe("Miscord cannot start. PostgreSQL at 127.0.0.1:1 cannot be reached (ECONNREFUSED).\n");
});

test("all invalid settings are reported at once", async () => {
  const result = await start(["--port", "none"], { BATCH_SIZE: "0", REGISTRATION: "x" }).ended;
  expectSentence(result);
  for (const name of ["PORT", "BATCH_SIZE", "REGISTRATION"]) expect(result.stderr).toContain(name);
});

test("--help prints the options and does not start the server", async () => {
  const result = await start(["--help"]).ended;
  expect(result).toMatchObject({ code: 0, stderr: "" });
  expect(result.stdout).toContain("--port");
});

test("what is written into an existing open folder is readable by its owner alone", async () => {
  chmodSync(folder, 0o755);
  writeFileSync(join(folder, "miscord.db"), "", { mode: 0o644 });
  const run = await started(["--port", "0", "--data", folder], { LOG_LEVEL: "info" });
  await closeCode(run.url);
  run.child.kill("SIGTERM");
  await run.ended;
  const open = readdirSync(folder, { recursive: true, withFileTypes: true })
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => (statSync(path).mode & 0o077) !== 0);
  expect(open).toEqual([]);
  expect(existsSync(join(folder, "miscord.db"))).toBe(true);
});

test("the log lies in logs/websocket.log of the folder in which Miscord is started, unless LOG_DIR moves it", async () => {
  const args = ["--disable-warning=ExperimentalWarning", serverScript(), "--port", "0", "--data", join(folder, "data")];
  const child = spawn(process.execPath, args, { cwd: folder, env: { PATH: process.env["PATH"] } });
  running.push(child);
  await expect.poll(() => existsSync(join(folder, "logs", "websocket.log"))).toBe(true);
  writeFileSync(join(folder, "in-the-way"), "");
  const refused = await start(["--port", "0", "--data", folder], { LOG_DIR: join(folder, "in-the-way") }).ended;
  expectSentence(refused);
  expect(refused.stderr).toContain("LOG_DIR");
});

test("a second start on the same data folder is refused before it touches anything, naming who holds it", async () => {
  const first = await started(["--port", "0", "--data", folder]);
  const unfinished = join(folder, "uploads", "unfinished", "in-progress");
  writeFileSync(unfinished, "half");
  const second = await start(["--port", "0", "--data", folder]).ended;
  expectSentence(second);
  expect(second.stderr).toContain(`process ${first.child.pid}`);
  expect(existsSync(unfinished)).toBe(true);
  first.child.kill("SIGKILL");
  await first.ended;
  await started(["--port", "0", "--data", folder]);
});
