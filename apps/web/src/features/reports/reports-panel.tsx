import type { ReportStatus } from "@miscord/protocol";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ListPanel } from "../../layout/list-panel.tsx";
import { Button } from "../../ui/button.tsx";
import { Field } from "../../ui/field.tsx";
import { Select } from "../../ui/select.tsx";
import { ReportItem } from "./report-item.tsx";
import { useReports } from "./use-reports.ts";

const statuses = ["open", "closed"] as const satisfies readonly ReportStatus[];

/** The queue of reports of a server, or with null of the instance. */
export function ReportsPanel({ serverId }: { serverId: number | null }) {
  const { t } = useTranslation("moderation");
  const [status, setStatus] = useState<ReportStatus>("open");
  const { loaded, reload, hasMore, isLoadingMore, loadMore } = useReports(serverId, status);
  return (
    <>
      <ListPanel
        title={t("reports.title")}
        loaded={loaded}
        empty={t(`reports.none.${status}`)}
        toolbar={
          <Field label={t("reports.show")} className="mb-2 max-w-64">
            <Select
              value={status}
              onChange={setStatus}
              options={statuses.map((value) => ({ value, label: t(`reports.status.${value}`) }))}
            />
          </Field>
        }
        onRetry={reload}
        keyOf={({ id }) => id}
        renderItem={(report) => <ReportItem report={report} onChanged={reload} />}
      />
      {hasMore && (
        <Button size="sm" busy={isLoadingMore} onClick={loadMore} className="mt-3">
          {t("audit.more")}
        </Button>
      )}
    </>
  );
}
