/** One emoji of each emoji version since 12, newest first. */
const samples = [
  [17, "🫪"],
  [16, "🫩"],
  [15, "🫨"],
  [14, "🫠"],
  [13, "🥲"],
] as const;
const oldest = 12;

let found: number | null = null;

/** The newest emoji version that this device's font can draw. */
export function newestSupportedVersion(): number {
  found ??= samples.find(([, emoji]) => isDrawn(emoji))?.[0] ?? oldest;
  return found;
}

/** Whether the emoji is drawn in colours of its own. The sign for a missing glyph takes the colour of the text. */
function isDrawn(emoji: string): boolean {
  const context = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  if (!context) return true;
  const pixels = ["#f00", "#00f"].map((color) => {
    context.clearRect(0, 0, 1, 1);
    context.font = "100px sans-serif";
    context.setTransform(0.01, 0, 0, 0.01, 0, 0);
    context.textBaseline = "top";
    context.fillStyle = color;
    context.fillText(emoji, 0, 0);
    return context.getImageData(0, 0, 1, 1).data.join();
  });
  return pixels[0] === pixels[1];
}
