import { KeyedSemaphore } from "../../concurrency/keyed-semaphore.ts";
import { Semaphore } from "../../concurrency/semaphore.ts";
import { AppError } from "../../errors.ts";
import type { DomainContext } from "../context.ts";
import type { EncodedPicture, PictureShape } from "../pictures/shape.ts";

/** About as large as messages show it. Animations that people share are longer than those beside their names. */
export const gifShape: PictureShape = { width: 400, height: 300, fit: "inside", isAnimated: true, frames: 400 };
/** Of what is encoded: it is in memory as a whole. */
export const maxGifBytes = 8 * 1024 * 1024;

/** GIFs that are in memory at once on this process, whoever asks. */
const atOnce = new Semaphore(4);
const mostWaiting = 40;
/** Of one user one is worked on at a time, which may take seconds: others' come in between. The rest waits, or is refused. */
const ofUsers = new KeyedSemaphore<number>(1);
const mostOfUser = 4;

/**
 * Does the user's work with the bytes that `read` resolves with, in its turn. Throws `unavailable` when too many wait, and
 * `rate_limited` when too many of the user do.
 */
export async function withGif<Value>(
  userId: number,
  read: () => Promise<Buffer>,
  work: (bytes: Buffer) => Promise<Value>,
): Promise<Value> {
  if (atOnce.waitingCount >= mostWaiting) {
    throw new AppError("unavailable", "Too many GIFs at once.", { retryAfterMs: 5_000 });
  }
  if (ofUsers.usersOf(userId) >= mostOfUser) {
    throw new AppError("rate_limited", "Too many of your GIFs at once.", { retryAfterMs: 5_000 });
  }
  return ofUsers.run(userId, () => atOnce.run(async () => work(await read())));
}

export function encodeGif(
  { pictures }: Pick<DomainContext, "pictures">,
  userId: number,
  read: () => Promise<Buffer>,
): Promise<EncodedPicture> {
  return withGif(userId, read, (bytes) => pictures.encode(bytes, gifShape));
}
