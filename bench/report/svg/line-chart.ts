import { className, escaped, short, svg } from "./theme.ts";

export interface Series {
  name: string;
  label: string;
  points: readonly { x: number; y: number; spread: readonly [number, number] }[];
}

export interface LineChart {
  title: string;
  subtitle: string;
  xLabel: string;
  series: readonly Series[];
  /** A horizontal line, such as a target. */
  limit?: { y: number; label: string };
}

const width = 820;
const height = 440;
const area = { left: 70, right: 610, top: 84, bottom: 380 };
const labelGap = 18;

interface Scale {
  (value: number): number;
}

/** Both axes are logarithmic, since rates and costs span several orders of magnitude. */
export function lineChart(chart: LineChart): string {
  const points = chart.series.flatMap((series) => series.points);
  const xs = [...new Set(points.map(({ x }) => x))].toSorted((a, b) => a - b);
  const ys = points.flatMap(({ y, spread }) => [y, ...spread]).filter((y) => y > 0);
  const ticks = decades(Math.min(...ys), Math.max(...ys));
  const x = logScale(xs[0] ?? 1, xs.at(-1) ?? 10, area.left + 12, area.right - 12);
  const y = logScale(ticks[0] ?? 1, ticks.at(-1) ?? 10, area.bottom, area.top);
  return svg(width, height, chart.title, [
    `<text class="title" x="24" y="34">${escaped(chart.title)}</text>`,
    `<text class="soft" x="24" y="56">${escaped(chart.subtitle)}</text>`,
    ...ticks.map((tick) => horizontal(y(tick), short(tick))),
    ...(chart.limit ? [limitLine(y(chart.limit.y), chart.limit.label)] : []),
    ...spaced(xs, x).map(
      (value) => `<text class="soft" x="${x(value)}" y="${area.bottom + 22}" text-anchor="middle">${value}</text>`,
    ),
    `<text class="soft" x="${(area.left + area.right) / 2}" y="${height - 16}" text-anchor="middle">${escaped(chart.xLabel)}</text>`,
    ...chart.series.map((series) => line(series, x, y)),
    ...labels(chart.series, y),
  ]);
}

function line({ name, points }: Series, x: Scale, y: Scale): string {
  const path = points.map((point) => `${fixed(x(point.x))},${fixed(y(point.y))}`).join(" ");
  const marks = points.map((point) => {
    const [least, greatest] = point.spread.map((value) => fixed(y(value)));
    const at = fixed(x(point.x));
    const bar = `<line class="spread ${className(name)}" x1="${at}" x2="${at}" y1="${least}" y2="${greatest}"/>`;
    return `${bar}<circle class="dot ${className(name)}" cx="${at}" cy="${fixed(y(point.y))}" r="3.5"/>`;
  });
  return `<polyline class="line ${className(name)}" points="${path}"/>${marks.join("")}`;
}

/** Labels beside the last points, moved apart where they would overlap. */
function labels(series: readonly Series[], y: Scale): string[] {
  const ends = series
    .filter(({ points }) => points.length > 0)
    .map(({ name, label, points }) => ({ name, label, at: y(points.at(-1)!.y) }))
    .toSorted((a, b) => a.at - b.at);
  let free = area.top;
  return ends.map(({ name, label, at }) => {
    const text = Math.max(at, free);
    free = text + labelGap;
    const mark = `<line class="line ${className(name)}" x1="${area.right + 12}" x2="${area.right + 36}" y1="${fixed(text)}" y2="${fixed(text)}"/>`;
    return `${mark}<text x="${area.right + 42}" y="${fixed(text + 4)}">${escaped(label)}</text>`;
  });
}

/** The label is placed inside the plot, so that it does not cover the axis. */
function limitLine(y: number, label: string): string {
  const rule = `<line class="limit" x1="${area.left}" x2="${area.right}" y1="${fixed(y)}" y2="${fixed(y)}"/>`;
  return `${rule}<text class="soft" x="${area.left + 8}" y="${fixed(y - 6)}">${escaped(label)}</text>`;
}

function horizontal(y: number, label: string): string {
  const rule = `<line class="rule" x1="${area.left}" x2="${area.right}" y1="${fixed(y)}" y2="${fixed(y)}"/>`;
  return `${rule}<text class="soft" x="${area.left - 8}" y="${fixed(y + 4)}" text-anchor="end">${escaped(label)}</text>`;
}

function logScale(from: number, to: number, start: number, end: number): Scale {
  const span = Math.log(to / from) || 1;
  return (value) => start + (Math.log(Math.max(value, from) / from) / span) * (end - start);
}

/** Axis values 1, 2, 5, 10, … from below the lowest to above the highest. */
function decades(least: number, greatest: number): number[] {
  const ticks: number[] = [];
  for (let decade = 10 ** Math.floor(Math.log10(least)); ticks.length === 0 || ticks.at(-1)! < greatest; decade *= 10) {
    for (const step of [1, 2, 5]) {
      if (step * decade * 2.5 > least && (ticks.at(-1) ?? 0) < greatest) ticks.push(step * decade);
    }
  }
  return ticks;
}

/** Leaves out axis values whose labels would touch. */
function spaced(values: readonly number[], scale: Scale): number[] {
  let last = Number.NEGATIVE_INFINITY;
  return values.filter((value) => {
    if (scale(value) - last < 34) return false;
    last = scale(value);
    return true;
  });
}

function fixed(value: number): string {
  return value.toFixed(1);
}
