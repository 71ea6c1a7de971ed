import { open, rename, rm } from "node:fs/promises";
import { limits } from "@miscord/protocol";
import { unknownType } from "./content-type.ts";
import type { Inspection, InspectionRequest } from "./inspection.ts";
import { inspectPicture, isCleanable, type InspectedPicture } from "./picture/inspect-picture.ts";
import { sniff, soundType } from "./sniff.ts";
import { inspectSound } from "./sound/inspect-sound.ts";

/** What is read of a file to find out its type. */
const headBytes = 64 * 1024;
/** A larger picture is a file to download. */
const maxPictureBytes = 64 * 1024 * 1024;

/** Runs in a worker: it takes as long as the file's content makes it take. */
export async function inspectFile(request: InspectionRequest): Promise<Inspection> {
  const { path, size, declaredType, isVoice } = request;
  const unknown = { contentType: unknownType, size };
  if (request.isShortSound) return (await inspectShortSound(path, size)) ?? unknown;
  if (size === 0) return { ...unknown, contentType: await sniff(new Uint8Array(), declaredType) };
  const head = await readStart(path, Math.min(size, headBytes));
  const type = isVoice ? soundType(await sniff(head, declaredType), head) : await sniff(head, declaredType);
  if (!type.startsWith("image/")) return { contentType: type, size };
  if (!isCleanable(type) || size > maxPictureBytes) return unknown;
  const picture = tryPicture(await readStart(path, size), type);
  if (!picture) return unknown;
  const { contentType, width, height, isAnimated = false, parts } = picture;
  const moves = isAnimated && { isAnimated };
  return { contentType, width, height, ...moves, size: await replace(path, parts) };
}

async function inspectShortSound(path: string, size: number): Promise<Inspection | null> {
  const sound = size > limits.soundBytes ? null : inspectSound(await readStart(path, size));
  if (!sound) return null;
  const { contentType, durationMs, parts } = sound;
  return { contentType, durationMs, size: await replace(path, parts) };
}

async function readStart(path: string, length: number): Promise<Buffer> {
  const file = await open(path, "r");
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

function tryPicture(bytes: Buffer, type: string): InspectedPicture | null {
  try {
    return inspectPicture(bytes, type);
  } catch {
    return null;
  }
}

/** By a second file: a worker that is ended midway leaves the first as it was. */
async function replace(path: string, parts: readonly Uint8Array[]): Promise<number> {
  const cleanPath = `${path}.clean`;
  try {
    const file = await open(cleanPath, "wx", 0o600);
    try {
      await file.writeFile(Buffer.concat(parts));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(cleanPath, path);
  } catch (error) {
    await rm(cleanPath, { force: true });
    throw error;
  }
  return parts.reduce((sum, { length }) => sum + length, 0);
}
