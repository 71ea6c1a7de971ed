import { ChevronRight, Copy, RefreshCw } from "lucide-react";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useClient, useClientState } from "../../core/client.ts";
import { useCopy } from "../../core/use-copy.ts";
import { Button } from "../../ui/button.tsx";
import { ConnectionFigures } from "./connection-figures.tsx";
import { describeConnection } from "./diagnostics.ts";
import { LatencyGraph } from "./latency-graph.tsx";
import { ModeSwitch } from "./mode-switch.tsx";
import { QualityIcon } from "./quality-icon.tsx";
import { useMetrics } from "./use-metrics.ts";

const measureEveryMs = 1_000;

/** The connection's state, round trip and a way to reconnect; figures and the kind of connection under details. */
export function ConnectionPanel() {
  const { t } = useTranslation("connection");
  const client = useClient();
  const copy = useCopy();
  useFrequentMeasuring();
  return (
    <div className="flex max-h-[calc(100dvh-6rem)] flex-col gap-3 overflow-y-auto p-3.5">
      <State />
      <Latency />
      <Button
        className="pointer-coarse:min-h-11"
        icon={<RefreshCw size={15} aria-hidden className="shrink-0" />}
        onClick={() => client.reconnect({ force: true })}
      >
        {t("reconnect")}
      </Button>
      <details className="group/details">
        <summary className="focus-inset flex min-h-8 cursor-pointer list-none items-center gap-1.5 rounded-sm text-sm font-medium text-muted hover:text-ink pointer-coarse:min-h-11 [&::-webkit-details-marker]:hidden">
          <ChevronRight size={15} aria-hidden className="transition-transform group-open/details:rotate-90" />
          {t("details")}
        </summary>
        <div className="flex flex-col gap-3 pt-2">
          <ConnectionFigures />
          <ModeSwitch />
          <Button
            className="pointer-coarse:min-h-11"
            icon={<Copy size={15} aria-hidden className="shrink-0" />}
            onClick={() => void copy(describeConnection(client, navigator))}
          >
            {t("copy")}
          </Button>
        </div>
      </details>
    </div>
  );
}

/** Measures the round trip more often than heartbeats do while the graph is visible. */
function useFrequentMeasuring() {
  const { metrics } = useClient();
  useEffect(() => {
    metrics.measure();
    const timer = setInterval(() => metrics.measure(), measureEveryMs);
    return () => clearInterval(timer);
  }, [metrics]);
}

function State() {
  const { t } = useTranslation("connection");
  const { quality, rttMs } = useMetrics();
  const status = useClientState((state) => state.connection.status);
  return (
    <div className="flex items-center gap-2.5">
      <QualityIcon quality={quality} size={20} />
      <div className="min-w-0 flex-1">
        <h2 className="truncate font-semibold leading-5">{t(`status.${status}`)}</h2>
        <p className="truncate text-sm text-muted first-letter:uppercase">{t(`quality.${quality}`)}</p>
      </div>
      {rttMs !== null && (
        <p className="text-xl font-semibold tabular-nums">
          {Math.round(rttMs)}
          <span className="ml-1 text-sm font-normal text-faint">{t("ms")}</span>
        </p>
      )}
    </div>
  );
}

function Latency() {
  const { rttHistory } = useMetrics();
  return <LatencyGraph history={rttHistory} />;
}
