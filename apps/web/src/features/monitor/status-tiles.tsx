import type { MonitorOverview } from "@miscord/protocol";
import { CircleAlert, CircleCheck } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { cx } from "../../ui/cx.ts";
import { useFigures } from "./use-figures.ts";

const dependencies = ["database", "bus", "storage"] as const;

/** The state of the instance at a glance. */
export function StatusTiles({ overview }: { overview: MonitorOverview }) {
  const { t } = useTranslation("monitor");
  const { figure, duration } = useFigures();
  const { metrics, status, checks, connection_limit: limit } = overview;
  const { main_websocket: main, voice_websocket: voice, system } = metrics;
  const failing = dependencies.filter((name) => checks[name] === "failing").map((name) => t(`check.${name}`));
  const speed = t("tile.database", { value: figure(metrics.database.latency, "seconds") });
  const breaker = main.circuit_breaker;
  return (
    <dl className="grid grid-cols-2 gap-2 md:grid-cols-3 xl:grid-cols-6">
      <Tile name={t("tile.status")} note={failing.length > 0 ? failing.join(", ") : speed}>
        <State good={status === "healthy"}>{t(`status.${status}`)}</State>
      </Tile>
      <Tile name={t("tile.breaker")}>
        <State good={breaker === "closed"}>{t(`breaker.${breaker}`)}</State>
      </Tile>
      <Tile name={t("tile.connections")} note={t("tile.limit", { limit: figure(limit, "count") })}>
        {figure(main.total_connections + voice.total_connections, "count")}
      </Tile>
      <Tile name={t("tile.latency")} note={t("tile.p50", { value: figure(main.latency_p50, "seconds") })}>
        {figure(main.latency_p99, "seconds")}
      </Tile>
      <Tile name={t("tile.memory")} note={t("tile.cpu", { value: figure(system.cpu_percent / 100, "share") })}>
        {figure(system.memory_bytes, "bytes")}
      </Tile>
      <Tile name={t("tile.uptime")} note={t("tile.version", { version: system.version })}>
        {duration(system.uptime)}
      </Tile>
    </dl>
  );
}

function Tile({ name, note, children }: { name: string; note?: string; children: ReactNode }) {
  return (
    <div className="flex min-w-0 flex-col rounded-lg border border-line bg-raised px-3.5 py-2.5">
      <dt className="truncate text-xs text-muted">{name}</dt>
      <dd className="mt-0.5 truncate text-lg font-semibold tabular-nums">{children}</dd>
      {note && <dd className="truncate text-xs text-faint">{note}</dd>}
    </div>
  );
}

function State({ good, children }: { good: boolean; children: ReactNode }) {
  const Icon = good ? CircleCheck : CircleAlert;
  return (
    <span className={cx("flex items-center gap-1.5", good ? "text-success-ink" : "text-danger-ink")}>
      <Icon size={17} aria-hidden className="shrink-0" />
      <span className="truncate">{children}</span>
    </span>
  );
}
