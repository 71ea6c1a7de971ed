// npm run release: an archive that starts without fetching anything: server, web client and the Node that runs them.
// `-- --platform linux-arm64` for another machine than this one; `-- --folder PATH` fills an empty folder instead.
import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { buildServer, buildWeb, prepare } from "./lib/prepare.mjs";
import { fetchMachineCode } from "./lib/machine-code.mjs";
import { fail, fetchRuntime, platform as ownPlatform, root, say, serverFlags } from "./lib/runtime.mjs";

const { values } = parseArgs({
  options: { platform: { type: "string", default: ownPlatform }, folder: { type: "string" }, to: { type: "string" } },
});
const { platform } = values;
const { version, license } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const name = `miscord-${version}-${platform}`;

const folder = resolve(values.folder ?? join(root, ".cache", "release", name));
if (values.folder === undefined) rmSync(folder, { recursive: true, force: true });
else if (existsSync(folder) && readdirSync(folder).length > 0) fail(`There is something in ${folder} already.`);
const node = prepare({ development: false });
buildWeb(node);
buildServer(node);
const runtime = fetchRuntime(platform);
assemble(folder);
if (values.folder === undefined) say(pack(resolve(values.to ?? join(root, "dist"))));
else say(folder);

/** What a release contains. Everything is where it is in the repository, so that all paths and pages hold. */
function assemble(target) {
  const parts = [
    "apps/server/dist",
    "apps/web/dist",
    "docs/operations.md",
    "example.env",
    "LICENSE",
    "CHANGELOG.md",
    ...["start", "admin", "doctor", "voice-node", "lib/prepare", "lib/runtime"].map(
      (script) => `scripts/${script}.mjs`,
    ),
    ...["Caddyfile", "haproxy.cfg", "nginx.conf", "turnserver.conf"].map((file) => `deploy/${file}`),
    ...["bin/node", "LICENSE", "package.json"].map((file) => join(runtime, file)),
  ];
  mkdirSync(target, { recursive: true });
  for (const part of parts) copy(part, join(target, part));
  for (const part of fetchMachineCode(platform)) {
    cpSync(part.folder, join(target, "node_modules", part.name), { recursive: true });
  }
  const commands = ["start", "admin", "doctor", "voice-node"];
  const scripts = Object.fromEntries(commands.map((each) => [each, `node scripts/${each}.mjs`]));
  const manifest = { name: "miscord", version, private: true, license, type: "module", scripts };
  writeFileSync(join(target, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  writeFileSync(join(target, "miscord"), launcher());
  chmodSync(join(target, "miscord"), 0o755);
}

function copy(part, target) {
  mkdirSync(dirname(target), { recursive: true });
  cpSync(join(root, part), target, { recursive: true });
}

/** Starts what npm would, without npm and without a process between, for machines that have neither npm nor Node. */
function launcher() {
  return `#!/bin/sh
# ./miscord start, admin, doctor, voice-node: as npm start, npm run admin, npm run doctor and npm run voice-node.
# ./miscord health: exit code 0 while the server on this machine answers.
set -e
cd -- "$(dirname -- "$0")"
command=\${1:-start}
[ $# -eq 0 ] || shift
case $command in
  start) entry=main ;;
  admin | doctor | health | voice-node) entry=$command ;;
  *) echo "Usage: $0 start | admin | doctor | voice-node | health [options]" >&2; exit 2 ;;
esac
exec ${runtime}/bin/node ${serverFlags.join(" ")} "apps/server/dist/$entry.js" "$@"
`;
}

function pack(into) {
  mkdirSync(into, { recursive: true });
  const archive = join(into, `${name}.tar.gz`);
  const { status, error, stderr } = spawnSync("tar", ["-czf", archive, "-C", dirname(folder), basename(folder)], {
    encoding: "utf8",
  });
  if (error || status !== 0) fail(`tar failed: ${error?.message ?? stderr}`);
  rmSync(folder, { recursive: true });
  return archive;
}
