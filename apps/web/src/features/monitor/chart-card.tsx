import type { MonitorBands, MonitorRange, MonitorSample } from "@miscord/protocol";
import { Table2 } from "lucide-react";
import { useId, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { IconButton } from "../../ui/icon-button.tsx";
import { bandColumns, type BandColumns } from "./band.ts";
import { ChartTable } from "./chart-table.tsx";
import type { ChartSpec, Unit } from "./charts.ts";
import { highest, lowest, toColumns, type Columns } from "./columns.ts";
import { Plot } from "./plot.tsx";
import { rangeSeconds } from "./ranges.ts";
import { SeriesMark } from "./series-mark.tsx";
import { useFigures } from "./use-figures.ts";

/** Axis steps for bytes: powers of two. */
const byteSteps = Array.from({ length: 40 }, (_, power) => 2 ** power);
const stepsOf: Partial<Record<Unit, readonly number[]>> = { bytes: byteSteps, byteRate: byteSteps };

type Values = readonly (number | null)[];

export interface ChartCardProps {
  chart: ChartSpec;
  title: string;
  samples: readonly MonitorSample[];
  range: MonitorRange;
  /** What is usual; null while it is unknown. */
  bands: MonitorBands | null;
}

/** A graph with its title, a legend with the values now or under the pointer, and the same data as a table. */
export function ChartCard({ chart, title, samples, range, bands }: ChartCardProps) {
  const { t } = useTranslation("monitor");
  const figures = useFigures();
  const titleId = useId();
  const [point, setPoint] = useState<number | null>(null);
  const [asTable, setAsTable] = useState(false);
  const columns = useMemo(() => toColumns(samples, chart.series), [samples, chart]);
  const band = useMemo(() => bandColumns(chart, bands, columns[0]), [chart, bands, columns]);
  const drawn = useMemo<Columns>(() => (band ? [...columns, band.low, band.high] : columns), [columns, band]);
  const value = useMemo(() => (number: number) => figures.figure(number, chart.unit), [figures, chart]);
  const [times, ...values] = columns;
  const pointed = point === null ? undefined : times[point];
  const to = samples.at(-1)?.at ?? 0;
  return (
    <figure aria-labelledby={titleId} className="flex min-w-0 flex-col rounded-lg border border-line bg-raised">
      <figcaption className="flex items-center gap-2 pl-3.5 pr-2 pt-2">
        <h3 id={titleId} className="min-w-0 flex-1 truncate text-sm font-semibold">
          {title}
        </h3>
        <span aria-hidden className="text-xs tabular-nums text-faint">
          {pointed !== undefined && figures.moment(pointed)}
        </span>
        <IconButton
          size="sm"
          label={t("table.show", { chart: title })}
          icon={<Table2 size={15} aria-hidden />}
          pressed={asTable}
          onClick={() => setAsTable(!asTable)}
        />
      </figcaption>
      <Legend chart={chart} values={values} point={point} band={band} />
      {asTable ? (
        <ChartTable chart={chart} samples={samples} range={range} title={title} />
      ) : (
        <div className="px-2 pb-1.5">
          <Plot
            columns={drawn}
            hasBand={band !== null}
            from={to - rangeSeconds[range]}
            to={to}
            atLeast={chart.atLeast}
            steps={stepsOf[chart.unit]}
            value={value}
            time={figures.time}
            onPoint={setPoint}
          />
        </div>
      )}
    </figure>
  );
}

interface LegendProps {
  chart: ChartSpec;
  values: readonly Values[];
  point: number | null;
  band: BandColumns | null;
}

/** The legend: the value of each line. For screen readers it adds a summary of the past values. */
function Legend({ chart, values, point, band }: LegendProps) {
  const { t } = useTranslation("monitor");
  const { figure } = useFigures();
  const text = (value: number | null | undefined) => figure(value, chart.unit);
  return (
    <dl className="flex min-h-6 flex-wrap gap-x-4 gap-y-0.5 px-3.5 pb-1 text-xs">
      {chart.series.map(({ id }, index) => {
        const line = values[index] ?? [];
        const summary = { now: text(line.at(-1)), least: text(lowest(line)), most: text(highest(line)) };
        return (
          <div key={id} className="flex items-center gap-1.5">
            <SeriesMark index={index} />
            <dt className="text-muted">{t(`series.${id}`)}</dt>
            <dd className="font-medium tabular-nums">
              <span aria-hidden>{text(point === null ? line.at(-1) : line[point])}</span>
              <span className="sr-only">{t("chart.summary", summary)}</span>
            </dd>
          </div>
        );
      })}
      {band && (
        <div className="flex items-center gap-1.5">
          <span aria-hidden className="h-2.5 w-4 shrink-0 rounded-xs bg-(--band)" />
          <dt className="text-muted">
            {t("chart.usual")}
            {chart.series.length > 1 && ` (${t(`series.${chart.bandOf}`)})`}
          </dt>
          <dd className="tabular-nums">
            {t("chart.between", { low: text(atPoint(band.low, point)), high: text(atPoint(band.high, point)) })}
          </dd>
        </div>
      )}
    </dl>
  );
}

function atPoint(values: Values, point: number | null): number | null | undefined {
  return point === null ? values.at(-1) : values[point];
}
