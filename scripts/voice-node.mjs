// npm run voice-node: forwards calls of an instance elsewhere.
import { buildServer, prepare } from "./lib/prepare.mjs";
import { runServer } from "./lib/runtime.mjs";

const node = prepare({ development: false });
buildServer(node);
process.exitCode = await runServer(node, "voice-node.js");
