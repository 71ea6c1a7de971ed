/** The latest values as a line over time, newest at the right edge. */
export function Sparkline({ values, slots, label }: { values: readonly number[]; slots: number; label: string }) {
  const [width, height] = [120, 28];
  const top = Math.max(50, ...values) * 1.1;
  const points = values.map((value, index) => {
    const x = width - ((values.length - 1 - index) / (slots - 1)) * width;
    return `${x.toFixed(1)},${(height - (value / top) * height).toFixed(1)}`;
  });
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      className="h-7 w-full text-accent"
    >
      <polyline
        points={points.join(" ")}
        fill="none"
        stroke="currentColor"
        strokeWidth={1.5}
        vectorEffect="non-scaling-stroke"
        strokeLinejoin="round"
      />
    </svg>
  );
}
