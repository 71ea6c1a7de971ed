/** Sizes in CSS pixels. */
export interface Grid {
  columns: number;
  width: number;
  height: number;
}

export const stageGap = 12;
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

export interface StageLayout {
  /** People are below the screens, or beside them. */
  direction: "column" | "row";
  /** Area of the shared screens; null without any. */
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
