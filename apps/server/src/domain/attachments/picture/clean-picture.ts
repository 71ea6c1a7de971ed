/** A picture without its metadata. The pixels are the uploaded ones: nothing is encoded again. */
export interface CleanPicture {
  /** Pixels as browsers show it: turned by its orientation, an animation's canvas. */
  readonly width: number;
  readonly height: number;
  /** The file's new bytes are these, one after the other. */
  readonly parts: readonly Uint8Array[];
}

/** The bytes do not follow the format that they claim, or its unusual corners that nobody has checked here. */
class UnreadablePicture extends Error {}

export function requirePicture(condition: boolean, reason: string): asserts condition {
  if (!condition) throw new UnreadablePicture(reason);
}
