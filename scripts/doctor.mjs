// npm run doctor: which piece of an instance does not work.
import { buildServer, prepare } from "./lib/prepare.mjs";
import { runServer } from "./lib/runtime.mjs";

const node = prepare({ development: false });
buildServer(node);
process.exitCode = await runServer(node, "doctor.js");
