import { execFileSync } from "node:child_process";
import { statfsSync } from "node:fs";
import { availableParallelism, cpus, release, tmpdir, totalmem } from "node:os";
import { pinning } from "./child.ts";

/** What a reader needs to judge the figures, and nothing that says whose machine it was. */
export interface MachineFacts {
  processor: string;
  cores: number;
  memoryGiB: number;
  kernel: string;
  node: string;
  sqlite: string;
  fileSystem: string;
  /** Server on one core, generator on another. */
  pinned: boolean;
}

export function machineFacts(): MachineFacts {
  return {
    processor: cpus()[0]?.model ?? "unknown",
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    kernel: `Linux ${release().split("-")[0]}`,
    node: process.version,
    sqlite: process.versions["sqlite"] ?? "unknown",
    fileSystem: fileSystem(),
    pinned: pinning,
  };
}

/** Of the folder in which the benchmark keeps its databases: it decides what a durable write costs. */
function fileSystem(): string {
  try {
    return execFileSync("stat", ["-f", "-c", "%T", tmpdir()], { encoding: "utf8" }).trim();
  } catch {
    return `type ${statfsSync(tmpdir()).type}`;
  }
}
