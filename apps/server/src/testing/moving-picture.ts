import sharp from "sharp";

interface Drawn {
  width?: number;
  height?: number;
  /** Of each frame. */
  colours?: readonly string[];
}

/** An animation of plain frames, as a GIF; with one colour a picture. */
export async function movingGif(drawn: Drawn = {}): Promise<Buffer> {
  return (await frames(drawn)).gif({ delay: 200 }).toBuffer();
}

/** The same as a WebP. */
export async function movingWebp(drawn: Drawn = {}): Promise<Buffer> {
  return (await frames(drawn)).webp({ delay: 200 }).toBuffer();
}

async function frames({ width = 60, height = 40, colours = ["#f00", "#00f", "#0f0"] }: Drawn) {
  const drawn = colours.map((background) =>
    sharp({ create: { width, height, channels: 3, background } })
      .png()
      .toBuffer(),
  );
  const [first, ...more] = await Promise.all(drawn);
  return more.length === 0 ? sharp(first) : sharp([first!, ...more], { join: { animated: true } });
}

/** Frames of the picture, and its size. */
export async function framesOf(bytes: Uint8Array): Promise<{ frames: number; width: number; height: number }> {
  const { pages = 1, width, height, pageHeight } = await sharp(bytes, { animated: true }).metadata();
  return { frames: pages, width, height: pageHeight ?? height };
}

/** The colour in the middle of the first frame, as a hexadecimal number. */
export async function colourOf(bytes: Uint8Array): Promise<string> {
  const { data } = await sharp(bytes).resize(1, 1).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return [...data.subarray(0, 3)].map((value) => (value > 128 ? "f" : "0")).join("");
}
