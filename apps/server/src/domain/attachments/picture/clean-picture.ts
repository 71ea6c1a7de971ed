/** A picture without its metadata. The pixels are the uploaded ones: nothing is encoded again. */
export interface CleanPicture {
  /** Pixels as browsers show it: turned by its orientation, an animation's canvas. */
  readonly width: number;
  readonly height: number;
  /** It has several frames that are shown one after the other. */
  readonly isAnimated?: boolean;
  /** The file's new bytes are these, one after the other. */
  readonly parts: readonly Uint8Array[];
}

/** The bytes do not follow the format that they claim, or its unusual corners that nobody has checked here. */
class UnreadablePicture extends Error {}

export function requirePicture(condition: boolean, reason: string): asserts condition {
  if (!condition) throw new UnreadablePicture(reason);
}

/** Long animations have thousands. */
const maxBlocks = 50_000;

/**
 * Counts the chunks, segments, frames or entries of one picture. A file may hold millions of tiny ones; each costs many
 * times its bytes in memory, and a thread that runs out of memory can take the process with it.
 */
export class BlockCounter {
  #blocks = 0;

  next(): void {
    this.#blocks += 1;
    requirePicture(this.#blocks <= maxBlocks, "too many parts");
  }
}
