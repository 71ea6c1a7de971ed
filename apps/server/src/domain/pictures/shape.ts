/** How a picture is stored. */
export interface PictureShape {
  /** Pixels, at most. */
  readonly width: number;
  readonly height: number;
  /** `cover`: exactly this size, with what does not fit cut off. `inside`: as large as fits, never larger than it was. */
  readonly fit: "cover" | "inside";
  /** Whether an animation stays one; otherwise its first picture is kept. */
  readonly isAnimated: boolean;
  /** The most that an animation may have. Absent: 150. */
  readonly frames?: number;
}

/** A picture as it is stored: WebP without metadata. */
export interface EncodedPicture {
  readonly bytes: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** Encodes pictures anew, away from the process that serves everybody. */
export interface PictureEncoder {
  /** @throws AppError `invalid_request` for what is no picture, or too large a one; `unavailable` when too many wait */
  encode(bytes: Uint8Array, shape: PictureShape): Promise<EncodedPicture>;
  close(): Promise<void>;
}
