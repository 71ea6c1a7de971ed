import { fork, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { UnitOptions } from "./messages.ts";

const script = fileURLToPath(new URL("./run-unit.ts", import.meta.url));

/** Starts a forwarding process, which ends with this one and does not keep it running. */
export function forkUnit(options: UnitOptions): ChildProcess {
  const child = fork(script, [JSON.stringify(options)], { serialization: "advanced" });
  child.unref();
  child.channel?.unref();
  return child;
}
