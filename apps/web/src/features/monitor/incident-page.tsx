import type { AnalysisSeries, MonitorBands, MonitorIncident, MonitorSample } from "@miscord/protocol";
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
import { seriesChart } from "./series-chart.ts";
import { DepartureTable } from "./departure-table.tsx";
import { When } from "./incidents.tsx";
import { useFigures } from "./use-figures.ts";
import { useIncidents } from "./use-incidents.ts";
import { useMonitor } from "./use-monitor.ts";
import { useSentence, useTold } from "./use-sentence.ts";
import { Verdict } from "./verdict.tsx";

const shown = { range: "24h", of: "instance" } as const;
const mostGraphs = 4;

/** Everything that is known of one incident. */
export function IncidentPage({ id }: { id: string }) {
  const { t } = useTranslation("monitor");
  const describe = useDescribeError();
  const { report, bands, reload, error: reportError } = useIncidents(shown);
  const { samples, error: samplesError } = useMonitor(shown);
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
        {incident && samples && samples.length > 0 && <Graphs incident={incident} samples={samples} bands={bands} />}
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
      {first && <p className="text-sm">{t(adviceOf(first))}</p>}
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

interface GraphsProps {
  incident: MonitorIncident;
  samples: readonly MonitorSample[];
  bands: MonitorBands | null;
}

/** The series that left their bands, with these. Graphs go back a day. */
function Graphs({ incident: { departures, ended_at: end }, samples, bands }: GraphsProps) {
  const { t } = useTranslation("monitor");
  const told = useTold();
  if (end !== null && Date.parse(end) / 1_000 < samples[0]!.at) {
    return <p className="text-sm text-muted">{t("incident.old")}</p>;
  }
  const ofAll = [...new Map(departures.map((departure) => [departure.series, departure])).values()];
  return (
    <div className="grid gap-3 lg:grid-cols-2">
      {departures.some(({ alone }) => alone) && (
        <p className="text-sm text-muted lg:col-span-2">{t("incident.together")}</p>
      )}
      {ofAll.slice(0, mostGraphs).map(({ series, name }) => (
        <ChartCard
          key={series}
          chart={seriesChart(series)}
          title={told(name)}
          samples={samples}
          range="24h"
          bands={bands}
        />
      ))}
    </div>
  );
}

/** Of these too little means something else than too much. */
const traffic = [
  "connections",
  "received",
  "requests",
  "bytes_received",
  "voice_participants",
  "sent",
  "bytes_sent",
  "voice_bitrate",
] as const satisfies readonly AnalysisSeries[];

/** What helps depends on the side to which traffic departs. */
function adviceOf({ series, kind, direction, alone }: MonitorIncident["departures"][number]) {
  if (alone) return `incident.node.${direction}` as const;
  if (kind === "rhythm") return "incident.advice.rhythm";
  const low = direction === "below" ? traffic.find((each) => each === series) : undefined;
  return low ? (`incident.low.${low}` as const) : (`incident.advice.${series}` as const);
}
