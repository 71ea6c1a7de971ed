import type { Forecast } from "@miscord/protocol";
import { useTranslation } from "react-i18next";
import type { Unit } from "./charts.ts";
import { Panel } from "./panel.tsx";
import { useFigures } from "./use-figures.ts";

/** What will run out, and when. */
export function Forecasts({ forecasts }: { forecasts: readonly Forecast[] }) {
  const { t } = useTranslation("monitor");
  const { figure, day } = useFigures();
  return (
    <Panel title={t("forecast.title")} empty={forecasts.length === 0 && t("forecast.none")}>
      <ul className="divide-y divide-line">
        {forecasts.map(({ quantity, value, limit, in_30_days: told, full_from: from, full_until: until }) => {
          const unit: Unit = quantity === "connections" ? "count" : "bytes";
          const text = (amount: number) => figure(amount, unit);
          const now = { value: text(value), limit: limit === null ? "" : text(limit) };
          return (
            <li key={quantity} className="py-2">
              <p>
                {t(`forecast.${quantity}`)}: {limit === null ? now.value : t("forecast.of", now)}
              </p>
              <p className="text-xs text-muted">
                {told ? t("forecast.told", { low: text(told.low), high: text(told.high) }) : t("forecast.soon")}
                {told && limit !== null && ` · ${fullText(from, until)}`}
              </p>
            </li>
          );
        })}
      </ul>
    </Panel>
  );

  function fullText(from: string | null, until: string | null): string {
    if (from === null) return t("forecast.never");
    if (until === null) return t("forecast.earliest", { from: day(from) });
    return t("forecast.full", { from: day(from), until: day(until) });
  }
}
