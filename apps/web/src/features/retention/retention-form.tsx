import { noRetention, retentionLimits, type Retention, type RetentionPreview } from "@miscord/protocol";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "../../core/client.ts";
import { useAction } from "../../core/use-action.ts";
import { useFormat } from "../../i18n/format.ts";
import { Button } from "../../ui/button.tsx";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { useToast } from "../../ui/toast.tsx";
import { asFields, ruleOf, RuleFields } from "./rule-fields.tsx";

interface RetentionFormProps {
  /** What holds now; null: nothing is removed. */
  rule: Retention | null;
  /** Answers what a rule would remove. */
  previewPath: string;
  onSave: (rule: Retention) => Promise<unknown>;
}

/** How long messages and files are kept. What would be lost at once is shown before a rule becomes stricter. */
export function RetentionForm({ rule, previewPath, onSave }: RetentionFormProps) {
  const { t } = useTranslation(["retention", "common"]);
  const { rest } = useClient();
  const toast = useToast();
  const { busy, run } = useAction();
  const present = rule ?? noRetention;
  const [fields, setFields] = useState(() => asFields(present));
  const [lost, setLost] = useState<RetentionPreview | null>(null);
  const wanted = ruleOf(fields);
  const isChanged = JSON.stringify(wanted) !== JSON.stringify(present);

  const save = async () => {
    const isSaved = await run(() => onSave(wanted));
    if (isSaved) toast({ title: t("common:saved"), tone: "success" });
    return isSaved;
  };
  const submit = async () => {
    if (!isStricter(wanted, present)) return void (await save());
    await run(async () => setLost(await rest.call<RetentionPreview>("GET", previewPath, { query: { ...wanted } })));
  };

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
      className="flex max-w-md flex-col gap-4"
    >
      <RuleFields fields={fields} onChange={(changed) => setFields({ ...fields, ...changed })} />
      <Button type="submit" variant="primary" busy={busy} disabled={!isChanged} className="self-start">
        {t("common:save")}
      </Button>
      <ConfirmDialog
        open={lost !== null}
        danger
        onOpenChange={() => setLost(null)}
        title={t("confirm.title")}
        description={lost && <Lost {...lost} />}
        confirmLabel={t("confirm.submit")}
        onConfirm={save}
      />
    </form>
  );
}

function isStricter(after: Retention, before: Retention): boolean {
  const isShorter = (days: number, former: number) => days > 0 && (former === 0 || days < former);
  const isSmaller = after.file_days > 0 && after.file_mb < before.file_mb;
  return (
    isShorter(after.message_days, before.message_days) || isShorter(after.file_days, before.file_days) || isSmaller
  );
}

function Lost({ messages, files, bytes }: RetentionPreview) {
  const { t } = useTranslation("retention");
  const format = useFormat();
  if (messages === 0 && files === 0) return t("confirm.nothing");
  const number = (key: "messages" | "files", count: number) =>
    t(count >= retentionLimits.counted ? `confirm.${key}Many` : `confirm.${key}`, {
      count,
      number: format.number(count),
    });
  const parts = [messages > 0 && number("messages", messages), files > 0 && number("files", files)];
  return (
    <>
      <p>{t("confirm.lost", { what: format.list(parts.filter((part) => part !== false)) })}</p>
      {files > 0 && <p className="mt-1">{t("confirm.size", { size: format.fileSize(bytes) })}</p>}
      <p className="mt-1">{t("confirm.final")}</p>
    </>
  );
}
