import { fork, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { ToUnit, UnitOptions } from "./messages.ts";

const script = fileURLToPath(new URL("./run-unit.ts", import.meta.url));

/**
 * Starts a forwarding process, which ends with this one and does not keep it running. It loads the engine and waits for
 * `startUnit`.
 */
export function forkUnit(): ChildProcess {
  const child = fork(script, [], { serialization: "advanced" });
  child.unref();
  child.channel?.unref();
  return child;
}

/** Makes a forked process work. It answers with `ready` or `failed`. */
export function startUnit(child: ChildProcess, options: UnitOptions): void {
  const start: ToUnit = { kind: "start", options };
  // What is wrong with a process that cannot be told shows in its end.
  child.send(start, () => {});
}
