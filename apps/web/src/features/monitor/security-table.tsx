import type { SecurityEvent, SecurityRecord } from "@miscord/protocol";
import { useTranslation } from "react-i18next";
import { Panel } from "./panel.tsx";
import { useFigures } from "./use-figures.ts";

const events = [
  "auth_failure",
  "rate_limited",
  "forbidden",
  "malformed",
  "token_reuse",
] as const satisfies readonly SecurityEvent[];

/** Refusals of the instance by address, latest first. */
export function SecurityTable({ records }: { records: readonly SecurityRecord[] }) {
  const { t } = useTranslation("monitor");
  const { date, figure } = useFigures();
  return (
    <Panel title={t("security.title")} empty={records.length === 0 && t("security.none")}>
      <table className="w-full min-w-130 border-collapse tabular-nums">
        <thead className="sticky top-0 bg-raised">
          <tr className="border-b border-line text-xs">
            <th scope="col" className="py-1.5 text-left font-medium text-muted">
              {t("security.address")}
            </th>
            {events.map((event) => (
              <th key={event} scope="col" className="py-1.5 pl-3 text-right font-medium text-muted">
                {t(`security.${event}`)}
              </th>
            ))}
            <th scope="col" className="py-1.5 pl-3 text-right font-medium text-muted">
              {t("security.last")}
            </th>
          </tr>
        </thead>
        <tbody>
          {records.map((record) => (
            <tr key={record.address} className="border-b border-line last:border-b-0">
              <th scope="row" className="py-1.5 text-left font-mono text-xs font-normal">
                {record.address}
                {record.is_suspicious && (
                  <span className="ml-2 rounded-sm bg-danger-soft px-1.5 py-0.5 font-sans text-danger-ink">
                    {t("security.suspicious")}
                  </span>
                )}
              </th>
              {events.map((event) => (
                <td key={event} className="py-1.5 pl-3 text-right">
                  {record.counts[event] ? figure(record.counts[event], "count") : <span className="text-faint">0</span>}
                </td>
              ))}
              <td className="whitespace-nowrap py-1.5 pl-3 text-right text-muted">{date(record.last_at)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}
