import { execFile, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { freePort } from "../apps/server/src/testing/free-port.ts";
import { TestClient } from "../apps/server/src/testing/test-client.ts";
import { TestSocket } from "../apps/server/src/testing/test-socket.ts";

const run = promisify(execFile);
const root = join(import.meta.dirname, "..");

type Instruction = readonly [name: string, value: string];

/** The instructions of each stage. */
function stagesOf(dockerfile: string): Instruction[][] {
  const lines = dockerfile.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  const stages: Instruction[][] = [];
  for (const line of lines) {
    const space = line.indexOf(" ");
    const instruction = [line.slice(0, space), line.slice(space + 1)] as const;
    if (instruction[0] === "FROM") stages.push([]);
    stages.at(-1)?.push(instruction);
  }
  return stages;
}

/** Runs as root only: it mounts a folder read-only and becomes another user. */
describe.runIf(process.getuid?.() === 0)("what deploy/Dockerfile makes, as its steps in folders", () => {
  let folder: string;
  let server: ChildProcess;
  let url: string;
  const settings: Record<string, string> = {};
  let user = "";
  let output = "";

  /** A command of the image: as its user, in a mount namespace in which everything but the data folder is read-only. */
  function inImage(command: readonly string[]): [string, string[]] {
    const mounts = `mount --bind -o ro ${folder}/root/app ${folder}/root/app && mount -o remount,bind,ro ${folder}/root/app`;
    const [uid, gid] = user.split(":");
    const become = `exec setpriv --reuid ${uid} --regid ${gid} --clear-groups --no-new-privs --bounding-set=-all "$@"`;
    return ["unshare", ["--mount", "sh", "-ec", `${mounts}; ${become}`, "sh", ...command]];
  }

  const env = () => ({ PATH: "/usr/bin:/bin", PORT: new URL(url).port, HOST: "127.0.0.1", ...settings });

  async function printed(text: string): Promise<void> {
    while (!output.includes(text)) {
      if (server.exitCode !== null) throw new Error(`It ended with ${server.exitCode}:\n${output}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "miscord-image-"));
    await chmod(folder, 0o755);
    await mkdir(join(folder, "root"));
    url = `http://127.0.0.1:${await freePort()}`;
    const stages = stagesOf(await readFile(join(import.meta.dirname, "Dockerfile"), "utf8"));
    // Paths of the image are those of the folder.
    const moved = (value: string) =>
      value.replaceAll(/(?<![\w.])\/(release|data|app)\b/g, (_, name: string) =>
        name === "release" ? `${folder}/release` : `${folder}/root/${name}`,
      );
    for (const [name, value] of stages.flat()) {
      if (name === "RUN") await run("sh", ["-ec", moved(value)], { cwd: root });
      if (name === "COPY" && value.startsWith("--from=")) {
        const [, from, to] = moved(value).split(" ");
        await run("cp", ["-a", from!, to!]);
      }
      if (name === "ENV")
        for (const pair of moved(value).split(" ")) settings[pair.split("=")[0]!] = pair.split("=")[1]!;
      if (name === "USER") user = value;
    }
    server = spawn(...inImage([join(folder, "root/app/miscord"), "start"]), {
      env: env(),
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of [server.stdout!, server.stderr!]) stream.on("data", (chunk) => (output += String(chunk)));
    await printed("is running at");
  });
  afterAll(async () => {
    if (server?.exitCode === null) server.kill("SIGKILL");
    await rm(folder, { recursive: true });
  });

  test("it serves as an unprivileged user on a read-only tree, and its health check says so", async () => {
    const ann = await TestClient.register(url, "ann");
    const { channels } = await ann.createServer();
    await ann.send(channels[0]!.id, "from a container");
    expect((await fetch(url)).headers.get("content-type")).toContain("text/html");
    const status = await readFile(`/proc/${server.pid}/status`, "utf8");
    expect(status).toMatch(/^Uid:\s+10001\s+10001/m);
    expect(status).toMatch(/^CapEff:\s+0+$/m);
    await expect(run(...inImage(["touch", join(folder, "root/app/x")]))).rejects.toThrow("Read-only file system");
    await run(...inImage([join(folder, "root/app/miscord"), "health"]), { env: env() });
    const elsewhere = { ...env(), PORT: String(await freePort()) };
    await expect(run(...inImage([join(folder, "root/app/miscord"), "health"]), { env: elsewhere })).rejects.toThrow(
      "Command failed",
    );
  });

  test("SIGTERM drains it: sockets get a hint and 1012, and it ends with 0", async () => {
    const ann = await TestClient.logIn(url, "ann");
    const socket = new TestSocket(`ws${url.slice(4)}/ws/main?token=${ann.token}`);
    await socket.next("connection_established");
    server.kill("SIGTERM");
    expect(await once(server, "exit")).toEqual([0, null]);
    expect(await socket.closed).toEqual({ code: 1012, reason: "restart" });
    expect(socket.all("server_draining")).toHaveLength(1);
  });
});
