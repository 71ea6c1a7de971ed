// npm run analysis:bench: scores the anomaly detector. `-- --data FOLDER --windows FILE` takes other labelled series.
import { prepare } from "./lib/prepare.mjs";
import { run } from "./lib/runtime.mjs";

const node = prepare();
process.exitCode = await run(node, ["bench/analysis/run.ts", ...process.argv.slice(2)]);
