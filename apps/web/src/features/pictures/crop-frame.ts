/** The square part of a picture that is kept, in pixels of the picture. */
export interface CropFrame {
  x: number;
  y: number;
  side: number;
}

export interface PictureSize {
  width: number;
  height: number;
}

/** How many times smaller than the picture's shorter side the frame may become. */
export const maxZoom = 8;

/** As much of the picture as fits, from its middle. */
export function widestFrame({ width, height }: PictureSize): CropFrame {
  const side = Math.min(width, height);
  return { x: (width - side) / 2, y: (height - side) / 2, side };
}

export function zoomOf({ side }: CropFrame, size: PictureSize): number {
  return widestFrame(size).side / side;
}

/** Changes the zoom around the middle of the frame. */
export function zoomed(frame: CropFrame, size: PictureSize, zoom: number): CropFrame {
  const side = widestFrame(size).side / Math.min(maxZoom, Math.max(1, zoom));
  const shift = (frame.side - side) / 2;
  return inside({ x: frame.x + shift, y: frame.y + shift, side }, size);
}

/** Moves the frame by parts of its own side, as far as the picture goes. */
export function moved(frame: CropFrame, size: PictureSize, right: number, down: number): CropFrame {
  return inside({ ...frame, x: frame.x + right * frame.side, y: frame.y + down * frame.side }, size);
}

function inside({ x, y, side }: CropFrame, { width, height }: PictureSize): CropFrame {
  return { x: clamp(x, width - side), y: clamp(y, height - side), side };
}

function clamp(value: number, most: number): number {
  return Math.max(0, Math.min(most, value));
}
