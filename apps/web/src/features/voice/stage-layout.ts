/** Sizes in CSS pixels. */
export interface Grid {
  columns: number;
  width: number;
  height: number;
}

export const stageGap = 12;
/** Of a tile: up to here the small encoding of a picture looks hardly different. */
export const smallHeight = 200;
/** Tiles of people may be a little taller or wider than a screen, so that they fill more of the stage. */
const personAspect = { narrowest: 1, widest: 16 / 9 };
/** The strip of people beside or below a shared screen. */
const strip = { width: 176, height: 112 };
const captionHeight = 36;

/** The columns and the size of equal tiles that fill most of an area; each tile's aspect stays within the bounds. */
export function gridFor(
  count: number,
  area: { width: number; height: number },
  { narrowest, widest }: { narrowest: number; widest: number } = personAspect,
): Grid {
  let best: Grid = { columns: 1, width: 0, height: 0 };
  for (let columns = 1; columns <= count; columns += 1) {
    const rows = Math.ceil(count / columns);
    const cell = {
      width: (area.width - stageGap * (columns - 1)) / columns,
      height: (area.height - stageGap * (rows - 1)) / rows,
    };
    if (cell.width <= 0 || cell.height <= 0) continue;
    const width = Math.floor(Math.min(cell.width, cell.height * widest));
    const height = Math.floor(Math.min(cell.height, width / narrowest));
    if (width * height > best.width * best.height) best = { columns, width, height };
  }
  return best;
}

/** Where a tile is on the stage. */
export interface Place extends Area {
  left: number;
  top: number;
}

interface Area {
  width: number;
  height: number;
}

/** The places of all tiles: the large ones get most of the stage, and the small ones what is left, or all without large ones. */
export function placeTiles(stage: Area, counts: { large: number; small: number }): { large: Place[]; small: Place[] } {
  const { large, small } = counts;
  if (large === 0) return { large: [], small: placesIn({ left: 0, top: 0, ...stage }, small) };
  if (small === 0) return { large: largePlaces({ left: 0, top: 0, ...stage }, large), small: [] };
  const { direction, screens, people } = divideStage(stage, large);
  const area = screens ?? stage;
  const corner =
    direction === "row" ? { left: area.width + stageGap, top: 0 } : { left: 0, top: area.height + stageGap };
  return { large: largePlaces({ left: 0, top: 0, ...area }, large), small: placesIn({ ...corner, ...people }, small) };
}

/** Screens take all of the area: their pictures keep their shape by themselves. */
function largePlaces(area: Place, count: number): Place[] {
  const { columns, width } = gridFor(count, area, { narrowest: 16 / 9, widest: 16 / 9 });
  const rows = Math.ceil(count / columns);
  const height = (area.height - stageGap * (rows - 1)) / rows;
  return inRows(area, count, { columns, width: columns === 1 ? area.width : width, height });
}

function placesIn(area: Place, count: number): Place[] {
  return inRows(area, count, gridFor(count, area));
}

/** Tiles of one size in rows, in the middle of the area. */
function inRows(area: Place, count: number, { columns, width, height }: Grid): Place[] {
  const rows = Math.ceil(count / columns);
  const top = area.top + (area.height - rows * height - stageGap * (rows - 1)) / 2;
  return Array.from({ length: count }, (_, at) => {
    const row = Math.floor(at / columns);
    const inRow = Math.min(columns, count - row * columns);
    const left = area.left + (area.width - inRow * width - stageGap * (inRow - 1)) / 2;
    return {
      left: Math.round(left + (at % columns) * (width + stageGap)),
      top: Math.round(top + row * (height + stageGap)),
      width: Math.floor(width),
      height: Math.floor(height),
    };
  });
}

export interface StageLayout {
  /** People are below the screens, or beside them. */
  direction: "column" | "row";
  /** Area of the large tiles, which are screens or what is enlarged; null without any. */
  screens: { width: number; height: number } | null;
  people: { width: number; height: number };
}

/** Divides the stage between screens and people: people get what the screens' shape leaves, and a strip at least. */
export function divideStage(stage: { width: number; height: number }, screenCount: number): StageLayout {
  const { width, height } = stage;
  if (screenCount === 0) return { direction: "column", screens: null, people: stage };
  const needed = gridFor(screenCount, stage, { narrowest: 16 / 9, widest: 16 / 9 });
  const rows = Math.ceil(screenCount / needed.columns);
  const screensWidth = needed.columns * needed.width + stageGap * (needed.columns - 1);
  const screensHeight = rows * (needed.height + captionHeight) + stageGap * (rows - 1);
  // The side that is left over is the one where people take the least from the screens.
  if (width - screensWidth > height - screensHeight) {
    const peopleWidth = Math.max(strip.width, width - screensWidth - stageGap);
    const people = { width: Math.min(peopleWidth, width / 3), height };
    return { direction: "row", screens: { width: width - people.width - stageGap, height }, people };
  }
  const people = { width, height: Math.max(strip.height, height - screensHeight - stageGap) };
  return { direction: "column", screens: { width, height: height - people.height - stageGap }, people };
}
