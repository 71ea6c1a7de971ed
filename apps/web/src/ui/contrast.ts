/** WCAG 2 relative luminance of `#rrggbb`. */
function luminance(hex: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

export function contrast(one: string, other: string): number {
  const [darker, brighter] = [luminance(one), luminance(other)].toSorted((a, b) => a - b) as [number, number];
  return (brighter + 0.05) / (darker + 0.05);
}

/** The more readable of black and white on `background`: one of the two always reaches a contrast of 4.5:1. */
export function inkOn(background: string): "#000000" | "#ffffff" {
  return contrast(background, "#ffffff") >= 4.5 ? "#ffffff" : "#000000";
}
