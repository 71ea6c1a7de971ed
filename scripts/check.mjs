// npm run check: everything that reading can find. `--fix` formats and mends what it can.
import { prepare } from "./lib/prepare.mjs";
import { runStep } from "./lib/runtime.mjs";

const fix = process.argv.includes("--fix");
const node = prepare();
const bin = (name) => `node_modules/${name}`;

runStep(node, "Format", [bin("oxfmt/bin/oxfmt"), fix ? "--write" : "--check", "."]);
runStep(node, "Lint and boundaries", [
  bin("oxlint/bin/oxlint"),
  "--type-aware",
  "--deny-warnings",
  ...(fix ? ["--fix"] : []),
]);
runStep(node, "Import circles", ["scripts/check-imports.ts"]);
runStep(node, "Types", [bin("typescript/bin/tsc"), "-p", "."]);
runStep(node, "Dead code", [bin("knip/bin/knip.js"), "--no-progress"]);
