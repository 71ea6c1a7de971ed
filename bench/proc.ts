import { existsSync, readdirSync, readFileSync } from "node:fs";

const pageBytes = 4096;

export interface ProcReading {
  /** Milliseconds on the clock of `performance.now()`. */
  at: number;
  /** CPU time since the start in milliseconds, over all threads. */
  cpuMs: number;
  rssBytes: number;
}

/** CPU time and memory of a process, read from /proc so that a busy process cannot delay the reading. */
function readProc(pid: number): ProcReading {
  return { at: performance.now(), cpuMs: cpuMs(pid), rssBytes: rssBytes(pid) };
}

/** The sum over processes; one that has ended counts as nothing. */
export function readProcs(pids: readonly number[]): ProcReading {
  const readings = pids.filter((pid) => existsSync(`/proc/${pid}`)).map(readProc);
  const sum = (key: "cpuMs" | "rssBytes") => readings.reduce((total, reading) => total + reading[key], 0);
  return { at: performance.now(), cpuMs: sum("cpuMs"), rssBytes: sum("rssBytes") };
}

/** The process and its descendants. */
export function withDescendants(pid: number): number[] {
  // One that ended meanwhile has none: PostgreSQL's processes come and go.
  if (!existsSync(`/proc/${pid}/task`)) return [];
  const children = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, "latin1").split(" ").filter(Boolean).map(Number),
  );
  return [pid, ...children.flatMap(withDescendants)];
}

/** Those of the processes whose title begins so. */
export function titled(pids: readonly number[], title: string): number[] {
  return pids.filter((pid) => {
    const file = `/proc/${pid}/cmdline`;
    return existsSync(file) && readFileSync(file, "latin1").startsWith(title);
  });
}

/** When the process began, in milliseconds on the clock of `os.uptime()`; the kernel counts ticks of 10 ms. */
export function startedAtMs(pid: number): number {
  return Number(statOf(pid)[19]) * 10;
}

/** The fields of /proc/<pid>/stat after the command's name. */
function statOf(pid: number): string[] {
  return readFileSync(`/proc/${pid}/stat`, "latin1").split(") ").at(-1)!.split(" ");
}

/** From schedstat in nanoseconds where the kernel has it, otherwise in ticks of 10 ms. */
function cpuMs(pid: number): number {
  try {
    let total = 0;
    for (const task of readdirSync(`/proc/${pid}/task`)) {
      total += Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, "latin1").split(" ")[0]);
    }
    return total / 1e6;
  } catch {
    const fields = statOf(pid);
    return (Number(fields[11]) + Number(fields[12])) * 10;
  }
}

function rssBytes(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/statm`, "latin1").split(" ")[1]) * pageBytes;
}
