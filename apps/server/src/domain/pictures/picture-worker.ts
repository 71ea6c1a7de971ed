import { constants, setPriority } from "node:os";
import { encodePicture } from "./encode-picture.ts";
import type { EncodedPicture, PictureShape } from "./shape.ts";

export interface PictureRequest {
  readonly bytes: Uint8Array;
  readonly shape: PictureShape;
}

/** `tooLarge`: it has more pixels than are read. `failure`: why it cannot be read. */
export type PictureReply = { value: EncodedPicture } | { tooLarge: true } | { failure: string };

// Messages come before pictures, whatever processors there are.
setPriority(constants.priority.PRIORITY_BELOW_NORMAL);

process.on("message", ({ bytes, shape }: PictureRequest) => {
  const answer = (reply: PictureReply) => process.send?.(reply);
  encodePicture(bytes, shape).then(
    (value) => answer(value ? { value } : { tooLarge: true }),
    (error: unknown) => answer({ failure: error instanceof Error ? error.message : String(error) }),
  );
});
// The process that started it is gone.
process.on("disconnect", () => process.exit());
