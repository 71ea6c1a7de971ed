// npm run bench: measures Miscord beside what a builder would pick instead. `--quick` only shows that it works.
import { buildServer, prepare } from "./lib/prepare.mjs";
import { run } from "./lib/runtime.mjs";

const node = prepare();
buildServer(node);
process.exitCode = await run(node, ["--disable-warning=ExperimentalWarning", "bench/run.ts", ...process.argv.slice(2)]);
