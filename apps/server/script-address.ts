import { join } from "node:path";
import type { Plugin } from "vite";

/** `new URL("./log-worker.ts", import.meta.url)`: a script that a thread or a process of its own runs. */
export const scriptAddress = /new URL\("(?<path>\.\/[\w-]+)\.ts", import\.meta\.url\)/g;

/**
 * For tests: modules of the sources start the built scripts (`dist`). Node strips the types of each module in each thread
 * anew; for the log's thread that takes four times the processor time of the start itself, and the WebAssembly that does it
 * ends the process now and then (Node 24.21: "Check failed: jit_page.has_value()", when threads tier up at the same time).
 */
export function startsBuiltScripts(): Plugin {
  const [source, built] = ["src", "dist"].map((folder) => join(import.meta.dirname, folder, "/"));
  return {
    name: "starts-built-scripts",
    transform(code, id) {
      if (!id.startsWith(source ?? "") || !code.includes(", import.meta.url)")) return null;
      return code.replaceAll(scriptAddress, (_, path: string) => `new URL("file://${built}${path.slice(2)}.js")`);
    },
  };
}
