import type { MonitorIncident, MonitorIncidents } from "@miscord/protocol";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { paths } from "../../core/paths.ts";
import { AlertBanner } from "../../ui/alert-banner.tsx";
import { Panel } from "./panel.tsx";
import { useFigures } from "./use-figures.ts";
import { useSentence } from "./use-sentence.ts";
import { Verdict } from "./verdict.tsx";

interface IncidentsProps {
  report: MonitorIncidents;
  /** The server's time. */
  at: string;
  onJudged: () => void;
}

/** What is wrong now, and the incidents before; or that not enough is known yet. */
export function Incidents({ report, at, onJudged }: IncidentsProps) {
  const { t } = useTranslation("monitor");
  const { date } = useFigures();
  const { incidents, learned_at: learnedAt } = report;
  const ongoing = incidents.filter((incident) => incident.ended_at === null);
  const earlier = incidents.filter((incident) => incident.ended_at !== null);
  const none = () => {
    if (learnedAt === null) return t("incident.unknown");
    return Date.parse(learnedAt) > Date.parse(at)
      ? t("incident.learning", { when: date(learnedAt) })
      : t("incident.none");
  };
  return (
    <>
      {ongoing.map((incident) => (
        <AlertBanner key={incident.id} tone="danger">
          <Sentence incident={incident} />
          <div className="mt-1.5">
            <Verdict incident={incident} onJudged={onJudged} />
          </div>
        </AlertBanner>
      ))}
      {(earlier.length > 0 || ongoing.length === 0) && <Earlier incidents={earlier} none={none()} />}
    </>
  );
}

function Earlier({ incidents, none }: { incidents: readonly MonitorIncident[]; none: string }) {
  const { t } = useTranslation("monitor");
  return (
    <Panel title={t("incident.title")} empty={incidents.length === 0 && none}>
      <ul className="divide-y divide-line">
        {incidents.map((incident) => (
          <li key={incident.id} className="py-2">
            <Sentence incident={incident} />
            <p className="text-xs text-muted">
              <When incident={incident} />
              {incident.verdict && ` · ${t(`incident.verdict.${incident.verdict}`)}`}
            </p>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function Sentence({ incident }: { incident: MonitorIncident }) {
  const sentence = useSentence();
  return (
    <Link href={paths.incident(incident.id)} className="wrap-break-word text-ink underline-offset-2 hover:underline">
      {sentence(incident)}
    </Link>
  );
}

/** When it began, and how long it lasted. */
export function When({ incident: { started_at: from, ended_at: to, returns } }: { incident: MonitorIncident }) {
  const { t } = useTranslation("monitor");
  const { date, duration } = useFigures();
  const length = to === null ? null : duration((Date.parse(to) - Date.parse(from)) / 1_000);
  return (
    <>
      {date(from)} · {length === null ? t("alert.ongoing") : t("alert.lasted", { duration: length })}
      {returns > 0 && ` · ${t("incident.returns", { count: returns })}`}
    </>
  );
}
