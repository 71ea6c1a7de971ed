// npm start: from a fresh clone to a running Miscord.
import { buildServer, buildWeb, prepare } from "./lib/prepare.mjs";
import { runServer } from "./lib/runtime.mjs";

const node = prepare({ development: false });
buildWeb(node);
buildServer(node);
process.exitCode = await runServer(node, "main.js");
