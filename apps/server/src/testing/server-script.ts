import { fileURLToPath } from "node:url";

const isBuilt = process.env["TESTED_SERVER"] === "built";

/**
 * Path of the script that tests start as a process of its own: of the sources, or with `TESTED_SERVER=built` of the built
 * server, as `npm test` does. That one is what people run, and it starts in half of the time.
 */
export function serverScript(name: "main" | "admin" | "doctor" | "voice-node" = "main"): string {
  return fileURLToPath(new URL(isBuilt ? `../../dist/${name}.js` : `../${name}.ts`, import.meta.url));
}
