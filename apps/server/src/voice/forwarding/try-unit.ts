import { forkUnit, startUnit } from "./fork-unit.ts";
import type { FromUnit } from "./messages.ts";

/** Starts a forwarding process on the UDP port and ends it again. Resolves with what it lacks; null when it works. */
export function tryUnit(port: number): Promise<string | null> {
  const child = forkUnit();
  child.ref();
  startUnit(child, { port, addresses: [], turnedPort: null });
  return new Promise((resolve) => {
    child.on("message", (message: FromUnit) => {
      if (message.kind === "failed") resolve(message.reason);
      if (message.kind === "ready") resolve(null);
      child.kill("SIGKILL");
    });
    child.once("exit", (code, signal) => resolve(`The forwarding process ended (${signal ?? `code ${code}`})`));
  });
}
