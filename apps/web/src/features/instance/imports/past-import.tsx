import type { InstanceImport } from "@miscord/protocol";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { useClientState } from "../../../core/client.ts";
import { paths } from "../../../core/paths.ts";
import { useFormat } from "../../../i18n/format.ts";
import { serverOf } from "./open-import.tsx";
import { ReportView } from "./report-view.tsx";

/** An import that has ended, with its report. */
export function PastImport({ given, isUnfolded }: { given: InstanceImport; isUnfolded: boolean }) {
  const { t } = useTranslation("imports");
  const format = useFormat();
  const { status, report, server_id: serverId, finished_at: finishedAt, created_by: creator } = given;
  const isMember = useClientState((state) => serverId !== null && state.servers[serverId] !== undefined);
  return (
    <details open={isUnfolded} className="rounded-md border border-line px-3 py-2">
      <summary className="cursor-pointer text-sm wrap-break-word">
        <bdi className="font-medium">{serverOf(given)}</bdi>{" "}
        <span className="text-muted">{t(status === "done" ? "done" : "cancelled")}</span>{" "}
        <span className="text-faint">
          {finishedAt && format.dateTime(finishedAt)} · <bdi>{creator.display_name}</bdi>
        </span>
      </summary>
      <div className="mt-3">
        {report ? (
          <ReportView report={report} name={serverOf(given)} />
        ) : (
          <p className="text-sm text-muted">{t("nothing")}</p>
        )}
        {report && (
          <div className="mb-1 max-w-160 text-sm text-muted">
            {serverId !== null && isMember && (
              <p className="mb-2">
                <Link href={paths.server(serverId)} className="font-medium text-link hover:underline">
                  {t("open")}
                </Link>
              </p>
            )}
            <p>{t("rights")}</p>
          </div>
        )}
      </div>
    </details>
  );
}
