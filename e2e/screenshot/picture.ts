import type { Browser } from "playwright-core";

const [width, height] = [880, 315];
const colors = {
  deep: "#1d5c7a",
  water: "#2a7896",
  sand: "#e8cf94",
  meadow: "#8fb35a",
  wood: "#4f8a4c",
  rock: "#8a7f78",
};
/** Rows of a hexagonal map; each letter is the terrain of a field. */
const map = [
  "~~~s~~~~~ss~~~",
  "~~smm~~~smwms~",
  "~~swrm~~smwwms",
  "~~~smms~~smms~",
  "~~~~ss~~~~ss~~",
  "~ss~~~~~~~~~~~",
];
const fill: Record<string, string> = {
  "~": colors.water,
  s: colors.sand,
  m: colors.meadow,
  w: colors.wood,
  r: colors.rock,
};

function hexagon(column: number, row: number, kind: string): string {
  const radius = 40;
  const x = column * radius * Math.sqrt(3) + (row % 2 ? radius * 0.87 : 0);
  const y = row * radius * 1.5;
  const points = Array.from({ length: 6 }, (_, corner) => {
    const angle = (Math.PI / 3) * corner + Math.PI / 6;
    return `${(x + Math.cos(angle) * (radius - 1)).toFixed(1)},${(y + Math.sin(angle) * (radius - 1)).toFixed(1)}`;
  });
  const lava =
    kind === "r"
      ? `<circle cx="${x}" cy="${y}" r="13" fill="#e2603a"/><circle cx="${x}" cy="${y}" r="6" fill="#ffd27a"/>`
      : "";
  return `<polygon points="${points.join(" ")}" fill="${fill[kind]}"/>${lava}`;
}

/** Draws the map of an invented game, for the message with a picture. */
export async function drawMap(browser: Browser): Promise<Buffer> {
  const page = await browser.newPage({ viewport: { width, height } });
  const fields = map.flatMap((row, at) => Array.from(row).map((kind, column) => hexagon(column, at, kind)));
  await page.setContent(
    `<body style="margin:0"><svg width="${width}" height="${height}" style="background:${colors.deep}">${fields.join("")}</svg>`,
  );
  const image = await page.screenshot();
  await page.close();
  return image;
}
