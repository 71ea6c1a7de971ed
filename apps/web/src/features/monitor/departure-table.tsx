import type { MonitorIncident } from "@miscord/protocol";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import { useFigures } from "./use-figures.ts";
import { useTold } from "./use-sentence.ts";

const columns = ["since", "value", "usual", "outside", "sure", "node"] as const;

/** The series of an incident, in the order in which they left their bands. */
export function DepartureTable({ incident: { departures } }: { incident: MonitorIncident }) {
  const { t } = useTranslation("monitor");
  const titleId = useId();
  const hasNodes = departures.some(({ node }) => node !== null);
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
              {columns
                .filter((column) => column !== "node" || hasNodes)
                .map((column) => (
                  <th key={column} scope="col" className="py-1.5 pl-3 text-right font-medium text-muted">
                    {t(`incident.column.${column}`)}
                  </th>
                ))}
            </tr>
          </thead>
          <tbody>
            {departures.map((departure) => (
              <Row
                key={`${departure.series} ${departure.alone ? departure.node : ""}`}
                departure={departure}
                hasNodes={hasNodes}
              />
            ))}
          </tbody>
        </table>
      </div>
      <p className="pt-1.5 text-xs text-muted">
        {t("incident.explained")}
        {departures.some(({ alone }) => alone) && ` ${t("incident.explainedAlone")}`}
      </p>
    </section>
  );
}

function Row({ departure, hasNodes }: { departure: MonitorIncident["departures"][number]; hasNodes: boolean }) {
  const { t } = useTranslation("monitor");
  const { figure, moment } = useFigures();
  const told = useTold();
  const { name, unit, kind, direction, since, worst, sure, node, alone, every_minutes: every } = departure;
  const value = (amount: number) => {
    if (unit === "bytesPerMinute") return figure(amount / 60, "byteRate");
    if (unit === "perMinute" && amount >= 60) return figure(amount / 60, "rate");
    return figure(amount, unit);
  };
  const cells = [
    moment(Date.parse(since) / 1_000),
    value(worst.value),
    value(worst.expected),
    `${figure(worst.spreads / 4, "ratio")}×`,
    figure(sure, "share"),
    ...(hasNodes ? [alone ? t("incident.alone", { node: node ?? "" }) : (node ?? "")] : []),
  ];
  return (
    <tr className="border-b border-line last:border-b-0">
      <th scope="row" className="py-1.5 text-left font-normal">
        {told(name)}
        <span className="block text-xs text-muted">
          {t(`incident.kind.${kind === "spike" || kind === "level" ? direction : kind}`, { every: every ?? "" })}
        </span>
      </th>
      {cells.map((cell, index) => (
        <td key={columns[index]} className="py-1.5 pl-3 text-right whitespace-nowrap">
          {cell}
        </td>
      ))}
    </tr>
  );
}
