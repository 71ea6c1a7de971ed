import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync } from "node:fs";

const source = new URL("limit/limit.c", import.meta.url);
const header = new URL("limit/accept-key.h", import.meta.url);
const compiled = new URL("../../.cache/compiled-bench/", import.meta.url);

/** What this machine lacks to compile and run the program; null: nothing. */
export function limitLacks(): string | null {
  if (process.platform !== "linux") return "it uses epoll, which only Linux has";
  const input = "#include <sys/epoll.h>\n";
  const { status } = spawnSync("cc", ["-fsyntax-only", "-x", "c", "-"], { input });
  return status === 0 ? null : "there is no C compiler (cc) with the C library's headers";
}

/** The program, compiled when its source has changed. */
export function limitProgram(): URL {
  const hash = createHash("sha256").update(readFileSync(source)).update(readFileSync(header));
  const program = new URL(`limit-${hash.digest("hex").slice(0, 16)}`, compiled);
  if (existsSync(program)) return program;
  mkdirSync(compiled, { recursive: true });
  const made = `${program.pathname}.${process.pid}`;
  execFileSync("cc", ["-O2", "-Wall", "-o", made, source.pathname]);
  renameSync(made, program.pathname);
  return program;
}
