import { createHash } from "node:crypto";
import { Transform, type Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { AttachmentStorage } from "../domain/attachments/storage.ts";
import { AppError } from "../errors.ts";

/** What became of one file: `there` was copied before, `damaged` differs from what the database or the source says. */
export type CopyOutcome = "copied" | "there" | "missing" | "damaged";

interface Copy {
  source: AttachmentStorage;
  target: AttachmentStorage;
  key: string;
  /** Bytes by the database. */
  size: number;
  /** Called before anything is written to the target. */
  onStart: () => Promise<void>;
}

/** Copies a file unless the target has it, and compares the digests of both. The source is not changed. */
export async function copyFile({ source, target, key, size, onStart }: Copy): Promise<CopyOutcome> {
  const [inSource, inTarget] = await Promise.all([source.size(key), target.size(key)]);
  if (inSource === null) return inTarget === size ? "there" : "missing";
  if (inSource !== size) return "damaged";
  if (inTarget === size && (await digestOf(source, key)) === (await digestOf(target, key))) return "there";
  await onStart();
  // An interrupted run may have left a part, and a part under this key would be in the way.
  await target.remove(key);
  const digest = await transfer(source, target, key);
  if (digest === null) return "missing";
  if (digest === (await digestOf(target, key))) return "copied";
  await target.remove(key);
  return "damaged";
}

/** Resolves with the digest of what was sent; null when the source has lost the file since. */
async function transfer(source: AttachmentStorage, target: AttachmentStorage, key: string): Promise<string | null> {
  const reader = await readOrNull(source, key);
  if (!reader) return null;
  const hash = createHash("sha256");
  const hashed = new Transform({
    transform(piece: Buffer, _, pass) {
      hash.update(piece);
      pass(null, piece);
    },
  });
  await Promise.all([pipeline(reader, hashed), target.receive(key, hashed)]);
  await target.keep(key);
  return hash.digest("hex");
}

async function digestOf(storage: AttachmentStorage, key: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const piece of await storage.read(key)) hash.update(piece as Buffer);
  return hash.digest("hex");
}

async function readOrNull(storage: AttachmentStorage, key: string): Promise<Readable | null> {
  try {
    return await storage.read(key);
  } catch (error) {
    if (error instanceof AppError && error.code === "not_found") return null;
    throw error;
  }
}
