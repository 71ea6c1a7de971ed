// npm run admin -- …: what an operator does beside the running server.
import { prepare } from "./lib/prepare.mjs";
import { run } from "./lib/runtime.mjs";

const node = prepare({ development: false });
process.exitCode = await run(node, [
  "--disable-warning=ExperimentalWarning",
  "apps/server/src/admin.ts",
  ...process.argv.slice(2),
]);
