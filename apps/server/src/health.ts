import { readConfig } from "./config.ts";
import { isMiscord } from "./doctor/check-machine.ts";
import { localUrl } from "./http/listen.ts";

/** For the health check of a container: exit code 0 when the server with these settings answers, else 1. */
const outcome = readConfig();
const isUp = "config" in outcome && (await isMiscord(localUrl(outcome.config.host, outcome.config.port)));
process.exitCode = isUp ? 0 : 1;
