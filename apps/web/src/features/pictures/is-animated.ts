/** Bytes at whose beginning the kind of a file stands. */
const headBytes = 64 * 1024;

/** Whether the file is an animation that the server keeps one: a GIF of several pictures, or an animated WebP. */
export async function isAnimated(file: Blob): Promise<boolean> {
  const bytes = new Uint8Array(await file.slice(0, headBytes).arrayBuffer());
  const textAt = (from: number, length: number) => String.fromCharCode(...bytes.subarray(from, from + length));
  if (textAt(0, 4) === "GIF8") return isRepeatedGif(bytes);
  // A WebP with several parts says in one bit whether it moves.
  return textAt(0, 4) === "RIFF" && textAt(8, 8) === "WEBPVP8X" && (bytes[20]! & 2) !== 0;
}

/** Animations say how often they repeat, before their first picture. */
function isRepeatedGif(bytes: Uint8Array): boolean {
  const mark = new TextEncoder().encode("NETSCAPE2.0");
  const isAt = (place: number) => mark.every((byte, index) => bytes[place + index] === byte);
  // The palette before it has at most 256 colours.
  for (let place = 13; place < 1_200; place += 1) if (isAt(place)) return true;
  return false;
}
