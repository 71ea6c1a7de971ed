import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { appendFile, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { describeLocation, type StorageLocation } from "../storage/location.ts";

/** What moves of uploads to one target have put there, so that a later run knows it. */
export interface MoveJournal {
  /** Keys whose copy began. */
  readonly started: ReadonlySet<string>;
  /** Keys whose copy was compared with the source. */
  readonly done: ReadonlySet<string>;
  start(key: string): Promise<void>;
  finish(key: string): Promise<void>;
  delete(): Promise<void>;
}

/** Opens the journal of the target in the data folder; a file with one line for each step. */
export async function openMoveJournal(dataDir: string, target: StorageLocation): Promise<MoveJournal> {
  const name = createHash("sha256").update(describeLocation(target)).digest("hex").slice(0, 12);
  const path = join(dataDir, `moved-uploads-${name}.log`);
  const lines = existsSync(path) ? (await readFile(path, "utf8")).split("\n") : [];
  const keysOf = (step: string) =>
    new Set(lines.filter((line) => line.startsWith(`${step} `)).map((line) => line.slice(step.length + 1)));
  const [started, done] = [keysOf("start"), keysOf("done")];
  return {
    started,
    done,
    async start(key) {
      await appendFile(path, `start ${key}\n`, { mode: 0o600 });
      started.add(key);
    },
    async finish(key) {
      await appendFile(path, `done ${key}\n`, { mode: 0o600 });
      done.add(key);
    },
    delete: () => rm(path, { force: true }),
  };
}
