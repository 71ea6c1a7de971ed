// npm run dev: server and web client, both reloading on change. Open the address that Vite prints.
import { spawn } from "node:child_process";
import { prepare } from "./lib/prepare.mjs";
import { environment, root } from "./lib/runtime.mjs";

const node = prepare();
const children = [
  [
    "--watch",
    "--watch-preserve-output",
    "--disable-warning=ExperimentalWarning",
    "apps/server/src/main.ts",
    ...process.argv.slice(2),
  ],
  ["node_modules/vite/bin/vite.js", "apps/web", "--clearScreen", "false"],
].map((args) => spawn(node, args, { cwd: root, env: environment(node), stdio: "inherit" }));

for (const child of children) {
  child.on("exit", (code) => {
    process.exitCode ||= code ?? 1;
    for (const other of children) other.kill("SIGTERM");
  });
}
process.on("SIGINT", () => {});
process.on("SIGTERM", () => children.forEach((child) => child.kill("SIGTERM")));
