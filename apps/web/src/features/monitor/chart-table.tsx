import type { MonitorRange, MonitorSample } from "@miscord/protocol";
import { useTranslation } from "react-i18next";
import type { ChartSpec } from "./charts.ts";
import { toRows } from "./columns.ts";
import { rowSeconds } from "./ranges.ts";
import { useFigures } from "./use-figures.ts";

export interface ChartTableProps {
  chart: ChartSpec;
  samples: readonly MonitorSample[];
  range: MonitorRange;
  title: string;
}

/** The graph's data as a table: the highest value of each period, latest first. */
export function ChartTable({ chart, samples, range, title }: ChartTableProps) {
  const { t } = useTranslation("monitor");
  const { figure, time } = useFigures();
  return (
    <div
      role="region"
      aria-label={title}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scrollable region must be reachable by keyboard
      tabIndex={0}
      className="focus-inset mx-3.5 mb-2 h-33 overflow-y-auto text-xs"
    >
      <table className="w-full border-collapse tabular-nums">
        <caption className="pb-1 text-left text-faint">{t(`table.${range}`)}</caption>
        <thead className="sticky top-0 bg-raised">
          <tr className="border-b border-line text-left">
            <th scope="col" className="py-1 pr-3 font-medium text-muted">
              {t("table.time")}
            </th>
            {chart.series.map(({ id }) => (
              <th key={id} scope="col" className="py-1 pl-2 text-right font-medium text-muted">
                {t(`series.${id}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {toRows(samples, chart.series, rowSeconds[range]).map(({ at, values }) => (
            <tr key={at} className="border-b border-line last:border-b-0">
              <th scope="row" className="py-1 pr-3 text-left font-normal text-muted">
                {time(at)}
              </th>
              {values.map((value, index) => (
                <td key={chart.series[index]!.id} className="py-1 pl-2 text-right">
                  {figure(value, chart.unit)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
