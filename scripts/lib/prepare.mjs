// Brings a fresh clone to the point where things run, and does nothing when nothing changed.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ensureNode, npm, root, runStep, say } from "./runtime.mjs";

/**
 * Path of the right Node, after the dependencies are installed.
 *
 * To run takes the production dependencies, with which the web client is built too. Tools of development (tests,
 * linter, browsers' driver) are installed only for the commands that use them, and stay once they are there.
 */
export function prepare({ development = true } = {}) {
  const node = ensureNode();
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
  const sources = digest(["package-lock.json", "apps/web", "packages"]);
  if (stamped("web", sources) && existsSync(join(root, "apps/web/dist/index.html"))) return;
  const vite = join(root, "node_modules/vite/bin/vite.js");
  // Whatever the shell says: a development build of React is slow, and three times as large.
  const env = { NODE_ENV: "production" };
  runStep(node, "Building the web client …", [vite, "build", "apps/web", "--logLevel", "error"], { quiet: true, env });
  stamp("web", sources);
}

function digest(paths) {
  const hash = createHash("sha256");
  for (const path of paths)
    for (const file of filesBelow(path)) hash.update(file).update(readFileSync(join(root, file)));
  return hash.digest("hex");
}

function filesBelow(path) {
  if (!existsSync(join(root, path))) return [];
  if (/\.\w+$/.test(path)) return [path];
  return readdirSync(join(root, path), { withFileTypes: true })
    .filter((entry) => entry.name !== "node_modules" && entry.name !== "dist")
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
