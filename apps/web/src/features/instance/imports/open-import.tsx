import { importCalls } from "@miscord/client";
import { limits, type InstanceImport } from "@miscord/protocol";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "../../../core/client.ts";
import { useDescribeError } from "../../../core/describe-error.ts";
import { useAction } from "../../../core/use-action.ts";
import { useFormat } from "../../../i18n/format.ts";
import { AlertBanner } from "../../../ui/alert-banner.tsx";
import { Button } from "../../../ui/button.tsx";
import { ConfirmDialog } from "../../../ui/confirm-dialog.tsx";
import { Field } from "../../../ui/field.tsx";
import { Input } from "../../../ui/input.tsx";
import { ProgressBar } from "../../../ui/progress-bar.tsx";
import { ChooseExport, RefusedEntries } from "./choose-export.tsx";
import { exportUpload, type UploadState } from "./export-upload.ts";
import { ReportView } from "./report-view.tsx";

interface OpenImportProps {
  given: InstanceImport;
  /** What this page uploads; null: nothing. */
  uploading: UploadState | null;
  onChanged: () => void;
}

/** An import that has not ended. */
export function OpenImport({ given, uploading, onChanged }: OpenImportProps) {
  const { t } = useTranslation("imports");
  const own = uploading?.importId === given.id ? uploading : null;
  return (
    <div className="max-w-160" aria-live="polite">
      {given.preview && (
        <h4 className="mb-2 font-medium wrap-break-word">
          <bdi>{given.preview.server}</bdi>
        </h4>
      )}
      {own && <RefusedEntries refused={own.refused} />}
      {given.status === "uploading" && <Uploading given={given} own={own} onChanged={onChanged} />}
      {(given.status === "reading" || given.status === "running") && <Working given={given} />}
      {given.status === "failed" && (
        <AlertBanner tone="danger" className="mb-3">
          {t(`faults.${given.fault ?? "internal"}`)}
        </AlertBanner>
      )}
      {(given.status === "ready" || (given.status === "failed" && given.preview)) && (
        <Ready given={given} onChanged={onChanged} />
      )}
      {given.status === "running" && given.report && (
        <ReportView report={given.report} name={serverOf(given)} isPreview />
      )}
      <Cancel given={given} onChanged={onChanged} />
    </div>
  );
}

export function serverOf({ preview }: InstanceImport): string {
  return preview?.server ?? "Discord";
}

function Uploading({
  given,
  own,
  onChanged,
}: {
  given: InstanceImport;
  own: UploadState | null;
  onChanged: () => void;
}) {
  const { t } = useTranslation("imports");
  const format = useFormat();
  const describe = useDescribeError();
  const sizes = (sent: number, total: number) => ({ sent: format.fileSize(sent), total: format.fileSize(total) });
  if (own && own.fault === null) {
    return (
      <Progress label={t("uploading")} done={own.sent} total={own.total}>
        {t("bytes", sizes(own.sent, own.total))}
      </Progress>
    );
  }
  const fault = own?.fault ?? null;
  return (
    <>
      <AlertBanner tone={fault === null ? "info" : "danger"} className="mb-3">
        {fault === null
          ? t("interrupted", sizes(given.files.received, given.files.bytes))
          : typeof fault === "string"
            ? t(`uploadFaults.${fault}`)
            : describe(fault.error)}
      </AlertBanner>
      <ChooseExport open={given} onChanged={onChanged} />
    </>
  );
}

function Working({ given }: { given: InstanceImport }) {
  const { t } = useTranslation("imports");
  const format = useFormat();
  const { done, total } = given.progress;
  return (
    <>
      <Progress label={t(given.status === "reading" ? "reading" : "running")} done={done} total={total ?? 0}>
        {total === null
          ? t("linesRead", { done: format.number(done) })
          : t("lines", { done: format.number(Math.min(done, total)), total: format.number(total) })}
      </Progress>
      <p className="mb-3 text-sm text-muted">{t("meanwhile")}</p>
    </>
  );
}

interface ProgressProps {
  label: string;
  done: number;
  total: number;
  children: ReactNode;
}

function Progress({ label, done, total, children }: ProgressProps) {
  return (
    <div className="mb-3">
      <p className="mb-1.5 flex flex-wrap justify-between gap-x-3 text-sm">
        <span className="font-medium">{label}</span>
        <span className="text-muted tabular-nums" aria-live="off">
          {children}
        </span>
      </p>
      <ProgressBar label={label} fraction={total === 0 ? 0 : done / total} />
    </div>
  );
}

/** What was found, and the start of the import, or its continuation. */
function Ready({ given, onChanged }: { given: InstanceImport; onChanged: () => void }) {
  const { t } = useTranslation("imports");
  const client = useClient();
  const { busy, run } = useAction();
  const [name, setName] = useState("");
  const { status, fault, preview, report } = given;
  const isAgain = status === "failed";
  const isNew = preview!.server_id === null && given.server_id === null && !isAgain;
  const start = async () => {
    const wanted = name.trim();
    await run(() => importCalls(client.rest).start(given.id, isNew && wanted !== "" ? { name: wanted } : {}));
    onChanged();
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void start();
      }}
    >
      {!isAgain && fault !== null && (
        <AlertBanner tone="danger" className="mb-3">
          {t(`faults.${fault}`)}
        </AlertBanner>
      )}
      {fault === null && <p className="mb-3 text-sm text-muted">{t(isNew ? "willBeNew" : "willBeAdded")}</p>}
      {isNew && fault === null && (
        <Field label={t("name")} hint={t("nameHint")} className="mb-4 max-w-96">
          <Input
            value={name}
            maxLength={limits.serverNameLength}
            placeholder={preview!.server}
            onChange={({ currentTarget }) => setName(currentTarget.value)}
          />
        </Field>
      )}
      <ReportView report={isAgain && report ? report : preview!.report} name={serverOf(given)} isPreview={!isAgain} />
      {(isAgain || fault === null) && (
        <Button type="submit" variant="primary" busy={busy} className="mb-2">
          {t(isAgain ? "goOn" : "start")}
        </Button>
      )}
    </form>
  );
}

function Cancel({ given, onChanged }: { given: InstanceImport; onChanged: () => void }) {
  const { t } = useTranslation("imports");
  const client = useClient();
  const { run } = useAction();
  const [isAsking, setAsking] = useState(false);
  const cancel = async () => {
    const isCancelled = await run(() => importCalls(client.rest).cancel(given.id));
    if (isCancelled) exportUpload(client).forget();
    onChanged();
    return true;
  };
  return (
    <>
      <Button variant="ghost" size="sm" onClick={() => setAsking(true)}>
        {t("cancel")}
      </Button>
      <ConfirmDialog
        open={isAsking}
        onOpenChange={setAsking}
        title={t("cancelTitle")}
        description={t(given.report ? "cancelRunning" : "cancelWaiting")}
        confirmLabel={t("cancelConfirm")}
        danger
        onConfirm={cancel}
      />
    </>
  );
}
