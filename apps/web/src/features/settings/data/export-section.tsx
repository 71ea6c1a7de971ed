import { dataCalls } from "@miscord/client";
import type { DataExport } from "@miscord/protocol";
import { Download } from "lucide-react";
import { useCallback, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "../../../core/client.ts";
import { useDescribeError } from "../../../core/describe-error.ts";
import { useLoaded } from "../../../core/use-loaded.ts";
import { useFormat } from "../../../i18n/format.ts";
import { PanelSection } from "../../../layout/panel-section.tsx";
import { AlertBanner } from "../../../ui/alert-banner.tsx";
import { Button } from "../../../ui/button.tsx";
import { useGuarded } from "../security/use-guarded.ts";

/** A copy of everything: asked for, made in the background, and downloaded. */
export function ExportSection() {
  const { t } = useTranslation(["settings", "common"]);
  const client = useClient();
  const describe = useDescribeError();
  const format = useFormat();
  const { busy, run, question } = useGuarded();
  const { loaded, reload } = useLoaded(useCallback(() => dataCalls(client.rest).exports(), [client]));
  useEffect(
    () => client.on("event", ({ type }) => (type === "exports_changed" || type === "resync") && reload()),
    [client, reload],
  );
  const request = async () => {
    await run(() => dataCalls(client.rest).requestExport());
    reload();
  };
  const list = loaded.value;
  return (
    <PanelSection title={t("data.export.title")} hint={t("data.export.hint")}>
      {loaded.status === "failed" && <AlertBanner tone="danger">{describe(loaded.error)}</AlertBanner>}
      {list && (
        <ul className="mb-3 flex flex-col gap-2" aria-live="polite">
          {list.exports.map((made) => (
            <ExportItem key={made.id} made={made} />
          ))}
        </ul>
      )}
      {list?.next_at ? (
        <p className="text-sm text-faint">{t("data.export.next", { when: format.dateTime(list.next_at) })}</p>
      ) : (
        <Button busy={busy} disabled={list === null} onClick={() => void request()}>
          {t("data.export.request")}
        </Button>
      )}
      {question}
    </PanelSection>
  );
}

function ExportItem({ made }: { made: DataExport }) {
  const { t } = useTranslation("settings");
  const format = useFormat();
  const { status, created_at, expires_at, size, file_url } = made;
  return (
    <li className="flex min-h-11 flex-wrap items-center justify-between gap-x-4 gap-y-2 rounded-md border border-line px-3 py-2 text-sm">
      <span className="min-w-0">
        <span className="block font-medium">{format.dateTime(created_at)}</span>
        <span className="block text-faint">
          {status === "ready" && expires_at !== null
            ? t("data.export.ready", { size: format.fileSize(size ?? 0), until: format.date(expires_at) })
            : t(`data.export.${status === "ready" ? "running" : status}`)}
        </span>
      </span>
      {file_url !== null && (
        <a
          href={file_url}
          download
          className="inline-flex min-h-9 items-center gap-2 rounded-md bg-accent px-3.5 font-medium text-on-accent hover:bg-accent-hover"
        >
          <Download size={16} aria-hidden />
          {t("data.export.download")}
        </a>
      )}
    </li>
  );
}
