// Brings a fresh clone to the point where things run, and does nothing when nothing changed.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ensureNode, npm, root, runStep, say } from "./runtime.mjs";

const notSources = new Set(["node_modules", "dist", "testing"]);

/** A release has everything built, and neither sources nor dependencies. */
const isRelease = !existsSync(join(root, "apps/server/src"));

/**
 * Path of the right Node, after the dependencies are installed; a release needs none.
 *
 * To run takes the production dependencies, with which the web client is built too. Tools of development (tests,
 * linter, browsers' driver) are installed only for the commands that use them, and stay once they are there.
 */
export function prepare({ development = true } = {}) {
  const node = ensureNode();
  if (isRelease) return node;
  const lock = digest(["package-lock.json"]);
  const sufficient = development ? [`${lock} all`] : [`${lock} all`, `${lock} production`];
  if (sufficient.some((value) => stamped("dependencies", value)) && existsSync(join(root, "node_modules"))) return node;
  say("Installing dependencies …");
  // Not `npm ci`: it refuses a lock file that lacks the optional packages of other platforms.
  npm(node, ["install", "--no-fund", "--no-audit", ...(development ? [] : ["--omit=dev"])]);
  stamp("dependencies", sufficient.at(-1));
  return node;
}

/** The web client in apps/web/dist, built when a source of it changed. */
export function buildWeb(node) {
  build(node, { title: "Building the web client …", app: "web", product: "index.html" });
}

/** The server in apps/server/dist, built when a source of it changed. */
export function buildServer(node) {
  build(node, { title: "Building the server …", app: "server", product: "main.js" });
}

function build(node, { title, app, product }) {
  if (isRelease) return;
  const sources = digest(["package-lock.json", `apps/${app}`, "packages"]);
  if (stamped(app, sources) && existsSync(join(root, "apps", app, "dist", product))) return;
  const vite = join(root, "node_modules/vite/bin/vite.js");
  // Whatever the shell says: a development build of React is slow, and three times as large.
  const env = { NODE_ENV: "production" };
  // A server that runs goes on serving the former build until the new one is whole.
  const [made, dist] = [join(root, ".cache", `build-${app}`), join(root, "apps", app, "dist")];
  const command = [vite, "build", `apps/${app}`, "--outDir", made, "--emptyOutDir", "--logLevel", "error"];
  runStep(node, title, command, { quiet: true, env });
  rmSync(dist, { recursive: true, force: true });
  renameSync(made, dist);
  stamp(app, sources);
}

function digest(paths) {
  const hash = createHash("sha256");
  for (const path of paths)
    for (const file of filesBelow(path)) hash.update(file).update(readFileSync(join(root, file)));
  return hash.digest("hex");
}

function filesBelow(path) {
  if (!existsSync(join(root, path))) return [];
  if (statSync(join(root, path)).isFile()) return [path];
  return readdirSync(join(root, path), { withFileTypes: true })
    .filter((entry) => !notSources.has(entry.name))
    .flatMap((entry) => (entry.isDirectory() ? filesBelow(join(path, entry.name)) : [join(path, entry.name)]))
    .toSorted();
}

function stamped(name, value) {
  const file = join(root, ".cache", name);
  return existsSync(file) && readFileSync(file, "utf8") === value;
}

function stamp(name, value) {
  mkdirSync(join(root, ".cache"), { recursive: true });
  writeFileSync(join(root, ".cache", name), value);
}
