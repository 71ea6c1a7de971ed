import { reportCalls } from "@miscord/client";
import type { Report } from "@miscord/protocol";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient, useMe } from "../../core/client.ts";
import { useAction } from "../../core/use-action.ts";
import { useFormat } from "../../i18n/format.ts";
import { Button } from "../../ui/button.tsx";
import { CloseForm } from "./close-form.tsx";
import { Evidence } from "./evidence.tsx";
import { ReportActions } from "./report-actions.tsx";
import { nameOf } from "../../core/name-of.ts";

interface ReportItemProps {
  report: Report;
  /** Called when this moderator has changed the report. */
  onChanged: () => void;
}

/** A report with its evidence, and what can be done about it. */
export function ReportItem({ report, onChanged }: ReportItemProps) {
  const { t } = useTranslation("moderation");
  const format = useFormat();
  const { user, reporter, outcome } = report;
  return (
    <article aria-label={t("reports.about", { name: nameOf(user) })} className="min-w-0 flex-1">
      <p className="text-sm font-medium wrap-break-word">{t("reports.about", { name: nameOf(user) })}</p>
      <p className="text-sm text-faint wrap-break-word">
        {t("reports.by", { name: nameOf(reporter) })} ·{" "}
        <time dateTime={report.created_at}>{format.dateTime(report.created_at)}</time>
      </p>
      <p dir="auto" className="mt-1 text-sm whitespace-pre-wrap wrap-break-word">
        {report.reason}
      </p>
      {report.message && <Evidence serverId={report.server_id} message={report.message} />}
      {outcome === null ? (
        <OpenReport report={report} onChanged={onChanged} />
      ) : (
        <p className="mt-1 text-sm text-muted wrap-break-word">
          {t(`reports.closed.${outcome}`, { name: report.closed_by?.display_name ?? "" })}
          {report.note && <span dir="auto"> · {report.note}</span>}
        </p>
      )}
    </article>
  );
}

function OpenReport({ report, onChanged }: ReportItemProps) {
  const { t } = useTranslation("moderation");
  const calls = reportCalls(useClient().rest);
  const me = useMe();
  const { busy, run } = useAction();
  const [isClosing, setClosing] = useState(false);
  const { id, claimed_by: claimer } = report;
  const change = (work: () => Promise<unknown>) => async () => {
    await run(work);
    // Also after a refusal: somebody else was quicker.
    onChanged();
  };
  return (
    <>
      {claimer && (
        <p className="mt-1 text-sm text-muted">
          {claimer.id === me.id ? t("reports.yours") : t("reports.claimedBy", { name: claimer.display_name })}
        </p>
      )}
      <div className="mt-2 flex flex-wrap gap-2">
        {claimer ? (
          <Button size="sm" busy={busy} onClick={() => void change(() => calls.releaseReport(id))()}>
            {t("reports.release")}
          </Button>
        ) : (
          <Button size="sm" variant="primary" busy={busy} onClick={() => void change(() => calls.claimReport(id))()}>
            {t("reports.claim")}
          </Button>
        )}
        <ReportActions report={report} />
        {(!claimer || claimer.id === me.id) && !isClosing && (
          <Button size="sm" onClick={() => setClosing(true)}>
            {t("reports.close")}
          </Button>
        )}
      </div>
      {isClosing && <CloseForm reportId={id} onClosed={onChanged} onCancel={() => setClosing(false)} />}
    </>
  );
}
