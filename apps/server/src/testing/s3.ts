import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { S3Location } from "../storage/location.ts";
import type { S3Keys } from "../storage/s3-requests.ts";
import { freePort } from "./free-port.ts";

/** A private S3-compatible store on loopback with one bucket. */
export interface TestS3 {
  /** The bucket under another prefix at each call. */
  location(): S3Location;
  /** The value of STORAGE for the same. */
  address(): string;
  readonly keys: S3Keys;
  /** Ends the process without a warning; the objects stay. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** Stops it from answering until `resume`; its connections stay open. */
  pause(): void;
  resume(): void;
  dispose(): Promise<void>;
}

const script = fileURLToPath(import.meta.resolve("s3rver/bin/s3rver.js"));

export async function startS3(): Promise<TestS3> {
  const folder = mkdtempSync(join(tmpdir(), "miscord-s3-"));
  const port = await freePort();
  const args = ["--silent", "-d", folder, "-a", "127.0.0.1", "-p", String(port), "--configure-bucket", "uploads"];
  let child: ChildProcess | undefined;
  let prefixes = 0;

  async function start(): Promise<void> {
    child = spawn(process.execPath, ["--no-deprecation", script, ...args], { stdio: "ignore" });
    while (!(await answers(port))) {
      if (child.exitCode !== null) throw new Error(`the S3 server ended with ${child.exitCode}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  async function kill(): Promise<void> {
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, "exit");
    child.kill("SIGKILL");
    await exited;
  }

  const endpoint = `http://127.0.0.1:${port}`;
  await start();
  return {
    location: () => ({
      kind: "s3",
      bucket: "uploads",
      prefix: `test-${(prefixes += 1)}/`,
      url: `${endpoint}/uploads`,
      region: "us-east-1",
    }),
    address: () => `s3://uploads/test-${(prefixes += 1)}?region=us-east-1&endpoint=${endpoint}`,
    keys: { accessKey: "S3RVER", secretKey: "S3RVER" },
    kill,
    start,
    pause: () => void child?.kill("SIGSTOP"),
    resume: () => void child?.kill("SIGCONT"),
    async dispose() {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function answers(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  const outcome = await once(socket, "connect").then(
    () => true,
    () => false,
  );
  socket.destroy();
  return outcome;
}
