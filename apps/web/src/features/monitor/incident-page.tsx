import type { AnalysisSeries, MonitorIncident } from "@miscord/protocol";
import { ArrowLeft, SearchX } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { useDescribeError } from "../../core/describe-error.ts";
import { usePageTitle } from "../../core/page-title.ts";
import { paths } from "../../core/paths.ts";
import { MainPane } from "../../layout/main-pane.tsx";
import { AlertBanner } from "../../ui/alert-banner.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { ChartCard } from "./chart-card.tsx";
import { chartGroups, type ChartSpec } from "./charts.ts";
import { DepartureTable } from "./departure-table.tsx";
import { When } from "./incidents.tsx";
import { useFigures } from "./use-figures.ts";
import { useIncidents } from "./use-incidents.ts";
import { useMonitor } from "./use-monitor.ts";
import { useSentence } from "./use-sentence.ts";
import { Verdict } from "./verdict.tsx";

/** Everything that is known of one incident. */
export function IncidentPage({ id }: { id: string }) {
  const { t } = useTranslation("monitor");
  const describe = useDescribeError();
  const { report, bands, reload, error: reportError } = useIncidents("24h");
  const { samples, error: samplesError } = useMonitor("24h");
  const error = reportError ?? samplesError;
  usePageTitle(t("incident.page"));
  const incident = report?.incidents.find((each) => each.id === id);
  const title = (
    <h1 className="flex items-center gap-2 font-semibold">
      <Link href={paths.monitor} aria-label={t("incident.back")} className="text-faint hover:text-ink">
        <ArrowLeft size={18} aria-hidden />
      </Link>
      <span className="truncate">{t("incident.page")}</span>
    </h1>
  );
  const first = incident?.departures[0];
  const chart = first && chartOf(first.series);
  return (
    <MainPane title={title}>
      <div className="flex min-h-0 flex-1 flex-col gap-3 overflow-y-auto p-3 md:p-4">
        {error !== null && <AlertBanner tone="danger">{describe(error)}</AlertBanner>}
        {!report && error === null && <Skeleton className="h-24 rounded-lg" />}
        {report && !incident && (
          <EmptyState
            icon={<SearchX size={26} aria-hidden />}
            title={t("incident.absent.title")}
            description={t("incident.absent.description")}
          />
        )}
        {incident && <Summary incident={incident} onJudged={reload} />}
        {incident && <DepartureTable incident={incident} />}
        {incident && <Coincidences incident={incident} />}
        {chart && samples && samples.length > 0 && (
          <ChartCard chart={chart} samples={samples} range="24h" bands={bands} />
        )}
      </div>
    </MainPane>
  );
}

function Summary({ incident, onJudged }: { incident: MonitorIncident; onJudged: () => void }) {
  const { t } = useTranslation("monitor");
  const sentence = useSentence();
  const first = incident.departures[0];
  return (
    <section className="flex flex-col gap-2 rounded-lg border border-line bg-raised px-3.5 py-3">
      <p className="text-base font-medium wrap-break-word">{sentence(incident)}</p>
      <p className="text-sm text-muted">
        <When incident={incident} />
      </p>
      {first && <p className="text-sm">{t(`incident.advice.${first.series}`)}</p>}
      <Verdict incident={incident} onJudged={onJudged} />
      {!incident.verdict && (
        <p className="text-xs text-muted">
          {t(incident.ended_at === null ? "incident.effects" : "incident.effect.wrong")}
        </p>
      )}
    </section>
  );
}

function Coincidences({ incident }: { incident: MonitorIncident }) {
  const { t } = useTranslation("monitor");
  const { date } = useFigures();
  return (
    <section className="rounded-lg border border-line bg-raised px-3.5 py-2.5 text-sm">
      <h2 className="font-semibold">{t("incident.coincidences")}</h2>
      {incident.coincidences.length === 0 ? (
        <p className="text-muted">{t("incident.coincidence.none")}</p>
      ) : (
        <ul>
          {incident.coincidences.map(({ kind, at, detail }) => (
            <li key={`${kind} ${at} ${detail}`}>
              {date(at)} · {t(`incident.coincidence.${kind}`)}
              {detail !== "" && `: ${detail}`}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** The graph whose usual range is that of the series. */
function chartOf(series: AnalysisSeries): ChartSpec | undefined {
  return chartGroups.flatMap<ChartSpec>(({ charts }) => charts).find(({ band }) => band === series);
}
