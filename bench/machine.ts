import { execFileSync } from "node:child_process";
import { statfsSync } from "node:fs";
import { availableParallelism, cpus, release, tmpdir, totalmem } from "node:os";
import { pinning } from "./child.ts";

/** Facts about the machine that a reader needs to judge the figures; nothing that identifies it. */
export interface MachineFacts {
  processor: string;
  cores: number;
  memoryGiB: number;
  kernel: string;
  node: string;
  sqlite: string;
  fileSystem: string;
  /** Whether server and generator were pinned to different cores. */
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

/** File system of the folder for the databases, which determines the cost of a durable write. */
function fileSystem(): string {
  try {
    return execFileSync("stat", ["-f", "-c", "%T", tmpdir()], { encoding: "utf8" }).trim();
  } catch {
    return `type ${statfsSync(tmpdir()).type}`;
  }
}
