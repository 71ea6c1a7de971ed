import type { CropFrame } from "./crop-frame.ts";

/** Pixels of the side of an uploaded picture, at most. */
const maxSide = 512;

/** The part of the picture as a file; null when the browser cannot make one. */
export function cutOut(picture: ImageBitmap, frame: CropFrame): Promise<Blob | null> {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = Math.max(1, Math.min(maxSide, Math.round(frame.side)));
  paint(canvas, picture, frame);
  // A browser that cannot write WebP makes a PNG.
  return new Promise((resolve) => canvas.toBlob(resolve, "image/webp", 0.92));
}

/** Paints the part of the picture over the whole canvas. */
export function paint(canvas: HTMLCanvasElement, picture: ImageBitmap, { x, y, side }: CropFrame): void {
  const context = canvas.getContext("2d");
  if (!context) return;
  context.imageSmoothingQuality = "high";
  context.clearRect(0, 0, canvas.width, canvas.height);
  context.drawImage(picture, x, y, side, side, 0, 0, canvas.width, canvas.height);
}
