import { reportCalls } from "@miscord/client";
import { limits, type ReportOutcome } from "@miscord/protocol";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "../../core/client.ts";
import { useAction } from "../../core/use-action.ts";
import { Button } from "../../ui/button.tsx";
import { Field } from "../../ui/field.tsx";
import { Select } from "../../ui/select.tsx";
import { TextArea } from "../../ui/text-area.tsx";

const outcomes = ["acted", "dismissed"] as const satisfies readonly ReportOutcome[];

interface CloseFormProps {
  reportId: number;
  onClosed: () => void;
  onCancel: () => void;
}

/** Closes a report with its outcome and a note for the other moderators. */
export function CloseForm({ reportId, onClosed, onCancel }: CloseFormProps) {
  const { t } = useTranslation(["moderation", "common"]);
  const client = useClient();
  const { busy, run } = useAction();
  const [outcome, setOutcome] = useState<ReportOutcome>("acted");
  const [note, setNote] = useState("");
  return (
    <form
      className="mt-3 flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        void run(() => reportCalls(client.rest).closeReport(reportId, { outcome, note })).then(
          (done) => done && onClosed(),
        );
      }}
    >
      <Field label={t("reports.outcome")}>
        <Select
          value={outcome}
          onChange={setOutcome}
          options={outcomes.map((value) => ({ value, label: t(`reports.outcomes.${value}`) }))}
        />
      </Field>
      <Field label={t("reports.note")} hint={t("reports.noteHint")}>
        <TextArea
          rows={2}
          value={note}
          maxLength={limits.reportLength}
          onChange={(event) => setNote(event.target.value)}
        />
      </Field>
      <div className="flex justify-end gap-2">
        <Button size="sm" variant="ghost" onClick={onCancel}>
          {t("common:cancel")}
        </Button>
        <Button size="sm" type="submit" variant="primary" busy={busy}>
          {t("reports.confirmClose")}
        </Button>
      </div>
    </form>
  );
}
