/** The part of a picture that is kept, in pixels of the picture. */
export interface CropFrame {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface PictureSize {
  width: number;
  height: number;
}

/** How many times smaller than the widest frame it may become. */
export const maxZoom = 8;

/** As much of the picture as fits, from its middle. `ratio`: its width by its height; a square by default. */
export function widestFrame(size: PictureSize, ratio = 1): CropFrame {
  const width = Math.min(size.width, size.height * ratio);
  const height = width / ratio;
  return { x: (size.width - width) / 2, y: (size.height - height) / 2, width, height };
}

export function zoomOf(frame: CropFrame, size: PictureSize): number {
  return widestFrame(size, ratioOf(frame)).width / frame.width;
}

function ratioOf({ width, height }: CropFrame): number {
  return width / height;
}

/** Changes the zoom around the middle of the frame. */
export function zoomed(frame: CropFrame, size: PictureSize, zoom: number): CropFrame {
  const ratio = ratioOf(frame);
  const width = widestFrame(size, ratio).width / Math.min(maxZoom, Math.max(1, zoom));
  const height = width / ratio;
  const [x, y] = [frame.x + (frame.width - width) / 2, frame.y + (frame.height - height) / 2];
  return inside({ x, y, width, height }, size);
}

/** Moves the frame by parts of its own sides, as far as the picture goes. */
export function moved(frame: CropFrame, size: PictureSize, right: number, down: number): CropFrame {
  return inside({ ...frame, x: frame.x + right * frame.width, y: frame.y + down * frame.height }, size);
}

function inside({ x, y, width, height }: CropFrame, size: PictureSize): CropFrame {
  return { x: clamp(x, size.width - width), y: clamp(y, size.height - height), width, height };
}

function clamp(value: number, most: number): number {
  return Math.max(0, Math.min(most, value));
}
