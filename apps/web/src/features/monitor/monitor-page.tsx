import type { MonitorBands, MonitorOverview, MonitorRange, MonitorSample, MonitorScope } from "@miscord/protocol";
import { Activity, Hourglass } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useDescribeError } from "../../core/describe-error.ts";
import { MainPane } from "../../layout/main-pane.tsx";
import { usePageTitle } from "../../core/page-title.ts";
import { AlertBanner } from "../../ui/alert-banner.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { AlertHistory, RaisedAlerts } from "./alerts.tsx";
import { BreakerHistory } from "./breaker-history.tsx";
import { Capacity } from "./capacity.tsx";
import { ChartCard } from "./chart-card.tsx";
import { chartGroups } from "./charts.ts";
import { DependencyTable, hasDependencies } from "./dependency-table.tsx";
import { Forecasts } from "./forecasts.tsx";
import { Incidents } from "./incidents.tsx";
import { NodeTable } from "./node-table.tsx";
import { RangeSwitch } from "./range-switch.tsx";
import { RegionTable } from "./region-table.tsx";
import { ScopeSwitch } from "./scope-switch.tsx";
import { SecurityTable } from "./security-table.tsx";
import { StatusTiles } from "./status-tiles.tsx";
import { Week } from "./week.tsx";
import { useFigures } from "./use-figures.ts";
import { useIncidents } from "./use-incidents.ts";
import { useMonitor, type Monitor } from "./use-monitor.ts";

/** The operator's dashboard: the state of the instance now and over the last day. */
export function MonitorPage() {
  const { t } = useTranslation("monitor");
  const [range, setRange] = useState<MonitorRange>("1h");
  const [of, setScope] = useState<MonitorScope>("instance");
  const monitor = useMonitor({ range, of });
  const { report, bands, reload } = useIncidents({ range, of });
  const nodes = monitor.overview?.nodes ?? [];
  const current = nodes.length > 1 && of === "node" ? monitor.overview!.node : null;
  usePageTitle(t("title"));
  return (
    <MainPane title={<Title />} buttons={<RangeSwitch range={range} onChange={setRange} />}>
      <div className="flex min-h-0 flex-1 flex-col gap-3 overflow-y-auto p-3 md:p-4">
        <Notices monitor={monitor} />
        {monitor.overview && <StatusTiles overview={monitor.overview} />}
        {report && monitor.overview && <Incidents report={report} at={monitor.overview.at} onJudged={reload} />}
        {nodes.length > 1 && <NodeTable nodes={nodes} current={current} />}
        {hasDependencies(nodes) && <DependencyTable nodes={nodes} current={current} />}
        {monitor.overview && <RegionTable overview={monitor.overview} />}
        {nodes.length > 1 && (
          <ScopeSwitch
            of={of}
            node={nameOf(monitor.overview!)}
            isKnown={bands && Object.keys(bands.series).length > 0}
            onChange={setScope}
          />
        )}
        {monitor.samples ? <Charts samples={monitor.samples} range={range} bands={bands} /> : <ChartSkeletons />}
        {monitor.overview && (
          <div className="grid gap-3 lg:grid-cols-2">
            <div className="min-w-0 lg:col-span-2">
              <SecurityTable records={monitor.overview.security} />
            </div>
            {report && (
              <div className="min-w-0 lg:col-span-2">
                <Week week={report.week} />
              </div>
            )}
            {report?.capacity && (
              <div className="min-w-0 lg:col-span-2">
                <Capacity capacity={report.capacity} />
              </div>
            )}
            {report && (
              <div className="min-w-0 lg:col-span-2">
                <Forecasts forecasts={report.forecasts} />
              </div>
            )}
            <AlertHistory alerts={monitor.overview.alerts} />
            <BreakerHistory changes={monitor.overview.breaker_changes} />
          </div>
        )}
      </div>
    </MainPane>
  );
}

function Title() {
  const { t } = useTranslation("monitor");
  return (
    <h1 className="flex items-center gap-1.5 font-semibold">
      <Activity size={18} aria-hidden className="shrink-0 text-faint" />
      <span className="truncate">{t("title")}</span>
    </h1>
  );
}

function nameOf({ nodes, node }: MonitorOverview): string {
  return nodes.find(({ id }) => id === node)?.name ?? node;
}

function Notices({ monitor: { overview, error } }: { monitor: Monitor }) {
  const { t } = useTranslation("monitor");
  const describe = useDescribeError();
  const { date } = useFigures();
  return (
    <>
      {error !== null && (
        <AlertBanner tone="danger">
          {describe(error)} {overview && t("stale", { when: date(overview.at) })}
        </AlertBanner>
      )}
      {overview && <RaisedAlerts alerts={overview.alerts} />}
    </>
  );
}

interface ChartsProps {
  samples: readonly MonitorSample[];
  range: MonitorRange;
  bands: MonitorBands | null;
}

function Charts({ samples, range, bands }: ChartsProps) {
  const { t } = useTranslation("monitor");
  if (samples.length === 0) {
    return (
      <div className="flex min-h-80">
        <EmptyState
          icon={<Hourglass size={26} aria-hidden />}
          title={t("empty.title")}
          description={t(`empty.${range}`)}
        />
      </div>
    );
  }
  return chartGroups.map(({ id, charts }) => (
    <section key={id} aria-labelledby={`monitor-${id}`}>
      <h2 id={`monitor-${id}`} className="mb-2 mt-1 text-sm font-medium text-muted">
        {t(`group.${id}`)}
      </h2>
      <div className="grid gap-3 lg:grid-cols-2 2xl:grid-cols-3">
        {charts.map((chart) => (
          <ChartCard
            key={chart.id}
            chart={chart}
            title={t(`chart.${chart.id}`)}
            samples={samples}
            range={range}
            bands={bands}
          />
        ))}
      </div>
    </section>
  ));
}

function ChartSkeletons() {
  const { t } = useTranslation("common");
  return (
    <div role="status" aria-label={t("loading")} className="grid gap-3 lg:grid-cols-2 2xl:grid-cols-3">
      {[0, 1, 2, 3, 4, 5].map((card) => (
        <Skeleton key={card} className="h-50 rounded-lg" />
      ))}
    </div>
  );
}
