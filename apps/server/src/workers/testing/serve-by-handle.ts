import { readConfig } from "../../config.ts";
import { startPrimary } from "../start-primary.ts";

/** Starts workers that listen as they do where `reusePort` does not work; the settings come from the environment. */
const outcome = readConfig(process.env, []);
if (!("config" in outcome)) throw new Error(JSON.stringify(outcome));
const server = await startPrimary(outcome.config, "handle");
process.stdout.write(`${server.url}\n`);
process.on("SIGTERM", () => void server.stop().then(() => process.exit(0)));
