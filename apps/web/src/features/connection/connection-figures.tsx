import { useTranslation } from "react-i18next";
import { useClientState } from "../../core/client.ts";
import { useFormat } from "../../i18n/format.ts";
import { closeCauseKey } from "./close-cause.ts";
import { useMetrics } from "./use-metrics.ts";

/** All measured figures as pairs of name and value. */
export function ConnectionFigures() {
  const { t } = useTranslation("connection");
  const figures = [...useTraffic(), ...useReliability(), ...useIdentity()];
  return (
    <dl className="grid gap-y-1 text-sm">
      {figures.map(([name, value]) => (
        <div key={name} className="flex justify-between gap-4">
          <dt className="shrink-0 text-muted">{t(`figure.${name}`)}</dt>
          <dd className="min-w-0 truncate text-right tabular-nums">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function useTraffic() {
  const { t } = useTranslation("connection");
  const format = useFormat();
  const { messagesPerSecond, bytesIn, bytesOut, bytesInPerSecond, bytesOutPerSecond, batchRatio } = useMetrics();
  const flow = (total: number, perSecond: number) =>
    t("flow", { total: format.fileSize(total), rate: format.fileSize(Math.round(perSecond)) });
  return [
    ["messages", format.number(round(messagesPerSecond))],
    ["in", flow(bytesIn, bytesInPerSecond)],
    ["out", flow(bytesOut, bytesOutPerSecond)],
    ["batch", format.number(round(batchRatio))],
  ] as const;
}

function useReliability() {
  const { t } = useTranslation("connection");
  const format = useFormat();
  const { queueLength, reconnects, lastDisconnect } = useMetrics();
  const cause = lastDisconnect && {
    cause: t(`cause.${closeCauseKey(lastDisconnect)}`),
    time: format.time(lastDisconnect.at),
  };
  return [
    ["queue", format.number(queueLength)],
    ["reconnects", format.number(reconnects)],
    ["cause", cause ? t("causeAt", cause) : t("none")],
  ] as const;
}

function useIdentity() {
  const { t } = useTranslation("connection");
  const { sessionId, node, serverVersion } = useClientState((state) => state.connection);
  return [
    ["session", sessionId?.slice(0, 8) ?? t("none")],
    ["node", [node, serverVersion].filter((part) => part !== null).join(" · ") || t("none")],
  ] as const;
}

const round = (value: number) => Math.round(value * 10) / 10;
