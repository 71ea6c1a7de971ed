import { useEffect, useRef } from "react";
import UPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import "./plot.css";
import { isolated, type Columns } from "./columns.ts";
import { seriesStyles, tokenValue } from "./series-style.ts";

export interface PlotProps {
  columns: Columns;
  /** Whether the last two columns are the lower and upper edge of the usual range. */
  hasBand: boolean;
  /** The visible period, in seconds. */
  from: number;
  to: number;
  atLeast: number;
  /** Allowed steps of the scale; uPlot's defaults if undefined. */
  steps: readonly number[] | undefined;
  /** Formats a label of the scale. */
  value: (value: number) => string;
  time: (seconds: number) => string;
  /** Called with the index of the column under the pointer; null when the pointer leaves. */
  onPoint: (index: number | null) => void;
}

const height = 132;
/** All graphs share one cursor position. */
const sync = { key: "monitor" };

/** The lines of a graph. Hidden from screen readers, since legend and table give the same values as text. */
export function Plot(props: PlotProps) {
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<UPlot | null>(null);
  const series = props.columns.length - 1 - (props.hasBand ? 2 : 0);
  const { hasBand } = props;
  const { value, time } = props;
  const latest = useRef(props);
  useEffect(() => {
    latest.current = props;
  });

  useEffect(() => {
    const element = host.current!;
    const drawn = new UPlot(
      optionsOf({ series, hasBand, width: element.clientWidth }, () => latest.current),
      latest.current.columns as UPlot.AlignedData,
      element,
    );
    plot.current = drawn;
    const resized = new ResizeObserver(() => drawn.setSize({ width: element.clientWidth, height }));
    resized.observe(element);
    const themed = new MutationObserver(() => drawn.redraw(false, true));
    themed.observe(document.documentElement, { attributeFilter: ["data-theme"] });
    return () => {
      resized.disconnect();
      themed.disconnect();
      drawn.destroy();
    };
    // The axes are rebuilt when the language changes.
  }, [series, hasBand, value, time]);

  useEffect(() => {
    plot.current?.setData(props.columns as UPlot.AlignedData);
  }, [props.columns, props.from, props.to]);

  return <div ref={host} aria-hidden className="plot" style={{ height }} />;
}

interface Drawn {
  series: number;
  hasBand: boolean;
  width: number;
}

function optionsOf({ series, hasBand, width }: Drawn, current: () => PlotProps): UPlot.Options {
  const { steps } = current();
  return {
    width,
    height,
    padding: [8, 4, 0, 0],
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false, setScale: false }, points: { size: 7 }, sync },
    hooks: { setCursor: [({ cursor }) => current().onPoint(cursor.idx ?? null)] },
    scales: {
      x: { time: true, range: () => [current().from, current().to] },
      y: { range: (_plot, _min, max) => [0, Math.max(current().atLeast, (max ?? 0) * 1.1)] },
    },
    axes: [
      { ...axis, size: 24, space: 64, values: (_plot, splits) => splits.map((split) => current().time(split)) },
      {
        ...axis,
        size: 62,
        space: 34,
        ...(steps && { incrs: [...steps] }),
        values: (_plot, splits) => splits.map((split) => current().value(split)),
      },
    ],
    series: [{}, ...seriesStyles.slice(0, series).map(styleOf), ...(hasBand ? [bandEdge, bandEdge] : [])],
    ...(hasBand && { bands: [{ series: [series + 2, series + 1], fill: () => tokenValue("--band") }] }),
  };
}

/** The usual range is an area without a line around it. */
const bandEdge: UPlot.Series = { stroke: "transparent", width: 0, points: { show: false } };

const axis: UPlot.Axis = {
  font: "11px 'Onest Variable', system-ui, sans-serif",
  gap: 4,
  stroke: () => tokenValue("--faint"),
  grid: { stroke: () => tokenValue("--line"), width: 1 },
  ticks: { show: false },
};

function styleOf({ token, dash }: (typeof seriesStyles)[number]): UPlot.Series {
  return {
    stroke: () => tokenValue(token),
    width: 1.5,
    dash: [...dash],
    spanGaps: false,
    points: {
      show: true,
      size: 4,
      fill: () => tokenValue(token),
      filter: (plot, index) => isolated([...plot.data[index]!]),
    },
  };
}
