import type { AnalysisSeries, MonitorIncident } from "@miscord/protocol";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import type { Unit } from "./charts.ts";
import { useFigures } from "./use-figures.ts";

const units: Readonly<Partial<Record<AnalysisSeries, Unit>>> = {
  connections: "count",
  voice_participants: "count",
  database_latency: "seconds",
  bus_latency: "seconds",
  cpu: "share",
  memory: "bytes",
  lag: "seconds",
  latency_p50: "seconds",
  latency_p99: "seconds",
  voice_rtt: "seconds",
  voice_jitter: "seconds",
  voice_loss: "share",
};
const byteCounts = new Set<AnalysisSeries>(["bytes_received", "bytes_sent"]);

/** The series of an incident, in the order in which they left their bands. */
export function DepartureTable({ incident: { departures } }: { incident: MonitorIncident }) {
  const { t } = useTranslation("monitor");
  const { figure, moment } = useFigures();
  const titleId = useId();
  const value = (series: AnalysisSeries, amount: number) => {
    if (byteCounts.has(series)) return figure(amount / 60, "byteRate");
    const unit = units[series];
    return unit
      ? figure(amount, unit)
      : figure(amount / 60 >= 1 ? amount / 60 : amount, amount / 60 >= 1 ? "rate" : "perMinute");
  };
  const hasNodes = departures.some(({ node }) => node !== null);
  const columns = ["since", "value", "usual", "outside", "sure", ...(hasNodes ? (["node"] as const) : [])] as const;
  return (
    <section className="rounded-lg border border-line bg-raised px-3.5 py-2.5 text-sm">
      <h2 id={titleId} className="font-semibold">
        {t("incident.departures")}
      </h2>
      <div
        role="region"
        aria-labelledby={titleId}
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scrollable region must be reachable by keyboard
        tabIndex={0}
        className="focus-inset overflow-x-auto"
      >
        <table className="w-full min-w-130 border-collapse tabular-nums">
          <thead>
            <tr className="border-b border-line text-xs">
              <th scope="col" className="py-1.5 text-left font-medium text-muted">
                {t("incident.column.series")}
              </th>
              {columns.map((column) => (
                <th key={column} scope="col" className="py-1.5 pl-3 text-right font-medium text-muted">
                  {t(`incident.column.${column}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {departures.map(({ series, kind, direction, since, worst, sure, node }) => (
              <tr key={series} className="border-b border-line last:border-b-0">
                <th scope="row" className="py-1.5 text-left font-normal">
                  {t(`incident.series.${series}`)}
                  <span className="block text-xs text-muted">
                    {t(`incident.kind.${kind === "drift" || kind === "silence" ? kind : direction}`)}
                  </span>
                </th>
                <td className="py-1.5 pl-3 text-right whitespace-nowrap">{moment(Date.parse(since) / 1_000)}</td>
                <td className="py-1.5 pl-3 text-right whitespace-nowrap">{value(series, worst.value)}</td>
                <td className="py-1.5 pl-3 text-right whitespace-nowrap">{value(series, worst.expected)}</td>
                <td className="py-1.5 pl-3 text-right">{figure(worst.spreads / 4, "ratio")}×</td>
                <td className="py-1.5 pl-3 text-right">{figure(sure, "share")}</td>
                {hasNodes && <td className="py-1.5 pl-3 text-right">{node}</td>}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="pt-1.5 text-xs text-muted">{t("incident.explained")}</p>
    </section>
  );
}
