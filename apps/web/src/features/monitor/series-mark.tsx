import { seriesStyles } from "./series-style.ts";

/** A sample of the line for the legend. */
export function SeriesMark({ index }: { index: number }) {
  const { token, dash } = seriesStyles[index]!;
  return (
    <svg aria-hidden width={16} height={4} className="shrink-0">
      <line x1={0} x2={16} y1={2} y2={2} stroke={`var(${token})`} strokeWidth={2} strokeDasharray={dash.join(" ")} />
    </svg>
  );
}
