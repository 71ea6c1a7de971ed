// npm run search:bench: size, speed and recall of the search. `-- --messages 1000000` is the long form.
import { prepare } from "./lib/prepare.mjs";
import { run } from "./lib/runtime.mjs";

const node = prepare();
process.exitCode = await run(node, ["bench/search.ts", ...process.argv.slice(2)]);
