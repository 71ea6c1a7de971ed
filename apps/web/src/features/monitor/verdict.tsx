import { monitorCalls } from "@miscord/client";
import type { IncidentVerdict, MonitorIncident } from "@miscord/protocol";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "../../core/client.ts";
import { useDescribeError } from "../../core/describe-error.ts";
import { Button } from "../../ui/button.tsx";

const verdicts = ["expected", "wrong"] as const satisfies readonly IncidentVerdict[];

/** Two buttons by which an administrator says what an incident was; the analysis learns from it. */
export function Verdict({ incident, onJudged }: { incident: MonitorIncident; onJudged: () => void }) {
  const { t } = useTranslation("monitor");
  const { rest } = useClient();
  const describe = useDescribeError();
  const [error, setError] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);
  if (incident.verdict) return <p className="text-sm text-muted">{t(`incident.verdict.${incident.verdict}`)}</p>;
  // What an incident that is over reached is not the present level.
  const offered = incident.ended_at === null ? verdicts : (["wrong"] as const);
  async function judge(verdict: IncidentVerdict): Promise<void> {
    setBusy(true);
    setError(null);
    try {
      await monitorCalls(rest).judge(incident.id, verdict);
      onJudged();
    } catch (failure) {
      setError(failure);
    }
    setBusy(false);
  }
  return (
    <div className="flex flex-wrap items-center gap-2">
      {offered.map((verdict) => (
        <Button
          key={verdict}
          size="sm"
          variant="secondary"
          disabled={isBusy}
          title={t(`incident.effect.${verdict}`)}
          onClick={() => void judge(verdict)}
        >
          {t(`incident.judge.${verdict}`)}
        </Button>
      ))}
      {error !== null && <p className="text-sm text-danger-ink">{describe(error)}</p>}
    </div>
  );
}
