// npm run doctor: which piece of an instance does not work.
import { prepare } from "./lib/prepare.mjs";
import { run } from "./lib/runtime.mjs";

const node = prepare({ development: false });
process.exitCode = await run(node, [
  "--disable-warning=ExperimentalWarning",
  "apps/server/src/doctor.ts",
  ...process.argv.slice(2),
]);
