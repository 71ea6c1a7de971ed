import { useTranslation } from "react-i18next";
import { cx } from "../../ui/cx.ts";
import { latencySegments } from "./latency-segments.ts";

const [width, height] = [240, 56];
const slots = 120;
const marks = [25, 100, 250, 1_000] as const;

/** The round trip of the last two minutes, newest at the right. A gap is time without a connection. */
export function LatencyGraph({ history }: { history: readonly (number | null)[] }) {
  const { t } = useTranslation("connection");
  const known = history.filter((rttMs) => rttMs !== null);
  const peak = Math.max(0, ...known);
  const top = Math.max(40, peak * 1.15);
  const y = (rttMs: number) => height - 1 - (rttMs / top) * (height - 2);
  const mark = marks.findLast((one) => one < top)!;
  return (
    <figure className="relative rounded-md bg-sunken p-2">
      <svg
        role="img"
        aria-label={t("graph", { count: Math.round(peak) })}
        viewBox={`0 0 ${width} ${height}`}
        preserveAspectRatio="none"
        className="block h-14 w-full text-mark"
      >
        <line x1={0} x2={width} y1={y(mark)} y2={y(mark)} className="stroke-line" strokeDasharray="3 3" />
        {latencySegments(history, slots).map((segment) => (
          <Segment
            key={segment[0]!.slot}
            points={segment.map(({ slot, rttMs }) => [(slot / (slots - 1)) * width, y(rttMs)])}
          />
        ))}
      </svg>
      <MarkLabel value={mark} top={y(mark)} />
      <figcaption className="mt-1 flex justify-between text-xs text-faint">
        <span>{t("graphSpan")}</span>
        <span className="tabular-nums">{t("graphPeak", { value: Math.round(peak) })}</span>
      </figcaption>
    </figure>
  );
}

/** A label on the side of its line that has room. */
function MarkLabel({ value, top }: { value: number; top: number }) {
  const { t } = useTranslation("connection");
  return (
    <span
      aria-hidden
      style={{ top: `calc(${top}px + 0.5rem)` }}
      className={cx(
        "absolute left-2 text-[0.625rem]/3.5 tabular-nums text-faint",
        top > height / 2 && "-translate-y-full",
      )}
    >
      {value} {t("ms")}
    </span>
  );
}

function Segment({ points }: { points: readonly (readonly number[])[] }) {
  const line = points.map(([x, y]) => `${x!.toFixed(1)},${y!.toFixed(1)}`).join(" ");
  const [first, last] = [points[0]![0]!, points.at(-1)![0]!];
  return (
    <>
      <polygon points={`${first},${height} ${line} ${last},${height}`} fill="currentColor" opacity={0.14} />
      <polyline
        points={line}
        fill="none"
        stroke="currentColor"
        strokeWidth={1.5}
        vectorEffect="non-scaling-stroke"
        strokeLinejoin="round"
      />
    </>
  );
}
