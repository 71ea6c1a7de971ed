import type { CropFrame } from "./crop-frame.ts";

/** Pixels of the shorter side of an uploaded picture, at most. */
const maxSide = 512;

/** The part of the picture as a file; null when the browser cannot make one. */
export function cutOut(picture: ImageBitmap, frame: CropFrame): Promise<Blob | null> {
  const canvas = document.createElement("canvas");
  const scale = Math.min(1, maxSide / Math.min(frame.width, frame.height));
  canvas.width = Math.max(1, Math.round(frame.width * scale));
  canvas.height = Math.max(1, Math.round(frame.height * scale));
  paint(canvas, picture, frame);
  // A browser that cannot write WebP makes a PNG.
  return new Promise((resolve) => canvas.toBlob(resolve, "image/webp", 0.92));
}

/** Paints the part of the picture over the whole canvas. */
export function paint(canvas: HTMLCanvasElement, picture: ImageBitmap, { x, y, width, height }: CropFrame): void {
  const context = canvas.getContext("2d");
  if (!context) return;
  context.imageSmoothingQuality = "high";
  context.clearRect(0, 0, canvas.width, canvas.height);
  context.drawImage(picture, x, y, width, height, 0, 0, canvas.width, canvas.height);
}
