import { execFile, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { register } from "../harness/actions/accounts.ts";
import { message, say } from "../harness/actions/messages.ts";
import { launchBrowser } from "../harness/browser.ts";
import { openClosedNetwork, type ClosedNetwork } from "../harness/closed-network.ts";
import { createServer, inviteTo, openInvite } from "../harness/community.ts";
import { Person, type PersonOptions } from "../harness/person.ts";

const run = promisify(execFile);
const root = join(import.meta.dirname, "../..");
const port = "8000";

let network: ClosedNetwork;
let folder: string;
/** Where the archive was unpacked. */
let release: string;
let server: ChildProcess | undefined;
let browser: Browser | undefined;
/** Without this machine's Node: the release brings its own. */
const env = () => ({ PATH: "/usr/bin:/bin", HOME: folder });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "miscord-release-"));
  network = await openClosedNetwork();
  await run(process.execPath, [join(root, "scripts/release.mjs"), "--to", folder]);
  const unpacked = join(folder, "unpacked");
  await mkdir(unpacked);
  const archive = (await readdir(folder)).find((name) => name.endsWith(".tar.gz"))!;
  await run("tar", ["-xzf", join(folder, archive), "-C", unpacked]);
  release = join(unpacked, (await readdir(unpacked))[0]!);
});
afterAll(async () => {
  await browser?.close();
  if (server?.exitCode === null) server.kill("SIGKILL");
  await network.close();
  await rm(folder, { recursive: true });
});

/** Starts the release in the closed network; gives what it printed up to the claim link. */
async function start(): Promise<string> {
  const [program, ...args] = network.inside(join(release, "miscord"), "start", "--port", port);
  server = spawn(program, args, { env: env(), stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [server.stdout!, server.stderr!]) stream.on("data", (chunk) => (output += String(chunk)));
  await expect.poll(() => output).toContain("/claim#");
  return output;
}

test("an unpacked release serves two browsers in a network of its own, with nothing to fetch from", async () => {
  const claim = /open \S+(\/claim#\S+)/.exec(await start())![1]!;
  const executablePath = await network.wrap("/usr/bin/chromium", folder);
  browser = await launchBrowser([], executablePath);
  const arrive = (name: string, options?: PersonOptions) =>
    Person.open({ browser: async () => browser!, url: `http://localhost:${port}` }, name, name.toLowerCase(), options);
  const anna = await arrive("Anna");
  await anna.open(claim);
  await register(anna);
  await createServer(anna, "Away");
  const invite = await inviteTo(anna, "Away");

  const vera = await arrive("Vera", { locale: "ru" });
  await openInvite(vera, invite);
  await vera.button(vera.t("auth:invite.register")).click();
  await register(vera);
  await vera.page.getByRole("heading", { level: 1, name: "general" }).waitFor();
  await say(vera, "Здесь нет сети");
  await message(anna, "Здесь нет сети").waitFor();
  await say(anna, "Nor is there any here");
  await message(vera, "Nor is there any here").waitFor();
  for (const person of [anna, vera]) expect(person.problems.takeUnexpected()).toEqual([]);

  server!.kill("SIGTERM");
  expect(await once(server!, "exit")).toEqual([0, null]);
});

test("all parts of a release load, also those that are needed later only", async () => {
  const dist = join(release, "apps/server/dist");
  const parts = (await readdir(dist)).filter((name) => /-[\w-]{8}\.js$/.test(name));
  expect(parts.length).toBeGreaterThan(30);
  // An optional package that is left out says so in a part of its own.
  const load = `for (const part of process.argv.slice(1))
    await import(part).catch((error) => /Is it installed\\?$/.test(error.message) || console.log(part, error));
  process.exit();`;
  const urls = parts.map((name) => pathToFileURL(join(dist, name)).href);
  const { stdout } = await run(process.execPath, ["--input-type=module", "--eval", load, ...urls]);
  expect(stdout).toBe("");
});

test("an unpacked release has the engine of forwarded calls", async () => {
  const [program, ...args] = network.inside(join(release, "miscord"), "doctor", "--port", port);
  const { stdout } = await run(program, args, { env: env() });
  expect(stdout).toContain("The forwarding process starts");
});

test("the other commands of a release are npm's, and need no network either", async () => {
  const [program, ...args] = network.inside(join(release, "miscord"), "admin", "backup", join(folder, "backup"));
  await run(program, args, { env: env() });
  expect(await readdir(join(folder, "backup"))).toContain("miscord.db");
  const npm = network.inside("npm", "start", "--", "--help");
  const { stdout } = await run(npm[0], npm.slice(1), { cwd: release });
  expect(stdout).toContain("--workers");
});
