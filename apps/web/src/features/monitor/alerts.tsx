import type { MonitorAlert } from "@miscord/protocol";
import { useTranslation } from "react-i18next";
import { AlertBanner } from "../../ui/alert-banner.tsx";
import type { Unit } from "./charts.ts";
import { Panel } from "./panel.tsx";
import { useFigures } from "./use-figures.ts";

const units: Readonly<Record<MonitorAlert["name"], Unit | null>> = {
  latency: "seconds",
  event_loop_lag: "seconds",
  memory: "share",
  connections: "share",
  error_rate: "share",
  circuit_breaker: null,
};

/** Alerts that are raised now, with advice. */
export function RaisedAlerts({ alerts }: { alerts: readonly MonitorAlert[] }) {
  const { t } = useTranslation("monitor");
  const describe = useDescribeAlert();
  const { date } = useFigures();
  const raised = alerts.filter((alert) => alert.cleared_at === null);
  return raised.map((alert) => (
    <AlertBanner key={alert.id} tone="danger">
      <strong className="font-semibold">{describe(alert)}</strong>{" "}
      <span className="text-muted">{t("alert.since", { when: date(alert.raised_at) })}</span>
      <p className="text-muted">{t(`advice.${alert.name}`)}</p>
    </AlertBanner>
  ));
}

/** Alerts of the last day, latest first. */
export function AlertHistory({ alerts }: { alerts: readonly MonitorAlert[] }) {
  const { t } = useTranslation("monitor");
  const describe = useDescribeAlert();
  const { date, duration } = useFigures();
  const length = ({ raised_at: from, cleared_at: to }: MonitorAlert) =>
    to === null
      ? t("alert.ongoing")
      : t("alert.lasted", { duration: duration((Date.parse(to) - Date.parse(from)) / 1_000) });
  return (
    <Panel title={t("alert.all")} empty={alerts.length === 0 && t("alert.none")}>
      <ul className="divide-y divide-line">
        {alerts.map((alert) => (
          <li key={alert.id} className="py-2">
            <p>{describe(alert)}</p>
            <p className="text-xs text-faint">
              {date(alert.raised_at)} · {length(alert)}
            </p>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function useDescribeAlert(): (alert: MonitorAlert) => string {
  const { t } = useTranslation("monitor");
  const { figure } = useFigures();
  return ({ name, value, threshold }) => {
    const unit = units[name];
    if (!unit) return t("alert.circuit_breaker");
    return t(`alert.${name}`, { value: figure(value, unit), threshold: figure(threshold, unit) });
  };
}
