// npm start: from a fresh clone to a running Miscord.
import { buildWeb, prepare } from "./lib/prepare.mjs";
import { run } from "./lib/runtime.mjs";

const node = prepare({ development: false });
buildWeb(node);
process.exitCode = await run(node, [
  "--disable-warning=ExperimentalWarning",
  "apps/server/src/main.ts",
  ...process.argv.slice(2),
]);
