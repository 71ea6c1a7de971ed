import { className, escaped, short, svg } from "./theme.ts";

export interface Bar {
  name: string;
  label: string;
  value: number;
}

export interface BarChart {
  title: string;
  subtitle: string;
  unit: string;
  bars: readonly Bar[];
}

const width = 820;
const left = 230;
const longest = 460;
const rowHeight = 34;
const top = 82;

/** Horizontal bars from zero, each with its value. */
export function barChart({ title, subtitle, unit, bars }: BarChart): string {
  const greatest = Math.max(...bars.map(({ value }) => value), 1e-9);
  const rows = bars.map(({ name, label, value }, index) => {
    const y = top + index * rowHeight;
    const length = ((value / greatest) * longest).toFixed(1);
    return (
      `<text x="${left - 12}" y="${y + 16}" text-anchor="end">${escaped(label)}</text>` +
      `<rect class="bar ${className(name)}" x="${left}" y="${y}" width="${length}" height="22" rx="3"/>` +
      `<text class="soft" x="${left + Number(length) + 8}" y="${y + 16}">${short(value)} ${escaped(unit)}</text>`
    );
  });
  return svg(width, top + bars.length * rowHeight + 18, title, [
    `<text class="title" x="24" y="34">${escaped(title)}</text>`,
    `<text class="soft" x="24" y="56">${escaped(subtitle)}</text>`,
    ...rows,
  ]);
}
