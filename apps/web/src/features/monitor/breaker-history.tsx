import type { BreakerChange } from "@miscord/protocol";
import { useTranslation } from "react-i18next";
import { cx } from "../../ui/cx.ts";
import { Panel } from "./panel.tsx";
import { useFigures } from "./use-figures.ts";

/** Openings and closings of the circuit breaker, latest first. */
export function BreakerHistory({ changes }: { changes: readonly BreakerChange[] }) {
  const { t } = useTranslation("monitor");
  const { date } = useFigures();
  return (
    <Panel title={t("breaker.history")} empty={changes.length === 0 && t("breaker.never")}>
      <ul className="divide-y divide-line">
        {changes.map(({ state, at }) => (
          <li key={`${at} ${state}`} className="flex justify-between gap-3 py-2">
            <span className={cx(state === "closed" ? "text-success-ink" : "text-danger-ink")}>
              {t(`breaker.${state}`)}
            </span>
            <time dateTime={at} className="text-muted tabular-nums">
              {date(at)}
            </time>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
