import type { Person } from "../person.ts";

/** A disc of the colour on nothing, as a file for a field. */
export async function drawnPicture({ page }: Person, name: string, colour: string) {
  const base64 = await page.evaluate((fill) => {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [200, 200];
    const context = canvas.getContext("2d")!;
    context.fillStyle = fill;
    context.arc(100, 100, 90, 0, 7);
    context.fill();
    return canvas.toDataURL("image/png").split(",")[1]!;
  }, colour);
  return { name, mimeType: "image/png", buffer: Buffer.from(base64, "base64") };
}
