// npm run check: everything that can be found without running the code. `--fix` formats, and mends what the linter can.
import { prepare } from "./lib/prepare.mjs";
import { capture, runStep, say } from "./lib/runtime.mjs";

const fix = process.argv.includes("--fix");
const node = prepare();
const bin = (name) => `node_modules/${name}`;

const format = ["Format", [bin("oxfmt/bin/oxfmt"), fix ? "--write" : "--check", "."]];
const lint = [
  "Lint and boundaries",
  [bin("oxlint/bin/oxlint"), "--type-aware", "--deny-warnings", ...(fix ? ["--fix"] : [])],
];
const types = ["Types", [bin("typescript/bin/tsc"), "-p", "."]];
const imports = ["Import circles", ["scripts/check-imports.ts"]];
const deadCode = ["Dead code", [bin("knip/bin/knip.js"), "--no-progress"]];

// Formatting and mending change the files that the other steps read.
if (fix) for (const [title, args] of [format, lint]) runStep(node, title, args);
const results = await Promise.all(
  (fix ? [types, imports, deadCode] : [format, lint, types, imports, deadCode]).map(runCaptured),
);
if (results.includes(false)) process.exitCode = 1;

async function runCaptured([title, args]) {
  const { code, output } = await capture(node, args);
  say(code === 0 ? title : `${title} failed.\n${output}`);
  return code === 0;
}
