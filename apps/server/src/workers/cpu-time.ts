import { readFileSync } from "node:fs";

/** Linux counts in hundredths of a second, whatever the kernel's own clock is. */
const tickMs = 10;

/** CPU time of a process and its threads in milliseconds; null where the system does not tell. */
export function cpuTimeMs(pid: number): number | null {
  try {
    // The name of the program may hold spaces and parentheses.
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)!.split(" ");
    return (Number(fields[11]) + Number(fields[12])) * tickMs;
  } catch {
    return null;
  }
}
