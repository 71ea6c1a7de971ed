// npm run admin -- …: what an operator does beside the running server.
import { buildServer, prepare } from "./lib/prepare.mjs";
import { runServer } from "./lib/runtime.mjs";

const node = prepare({ development: false });
buildServer(node);
process.exitCode = await runServer(node, "admin.js");
