import { automodCalls } from "@miscord/client";
import { automodLimits, type AutomodRule, type AutomodRuleFields } from "@miscord/protocol";
import { ArrowLeft, Trash2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "../../../core/client.ts";
import { useAction } from "../../../core/use-action.ts";
import { Button } from "../../../ui/button.tsx";
import { ConfirmDialog } from "../../../ui/confirm-dialog.tsx";
import { Field } from "../../../ui/field.tsx";
import { Input } from "../../../ui/input.tsx";
import { Switch } from "../../../ui/switch.tsx";
import { useToast } from "../../../ui/toast.tsx";
import { DryRun } from "./dry-run.tsx";
import { isComplete, tidy } from "./presets.ts";
import { RuleActions, RuleExemptions } from "./rule-actions.tsx";
import { TriggerFields } from "./trigger-fields.tsx";

interface RuleEditorProps {
  serverId: number;
  /** The stored rule; null for a new one. */
  saved: AutomodRule | null;
  /** What the editor starts with. */
  start: AutomodRuleFields;
  onBack: () => void;
  onSaved: (rule: AutomodRule) => void;
}

export function RuleEditor({ serverId, saved, start, onBack, onSaved }: RuleEditorProps) {
  const { t } = useTranslation("automod");
  const [rule, setRule] = useState(start);
  const change = (changes: Partial<AutomodRuleFields>) => setRule((before) => ({ ...before, ...changes }));
  const isReady = isComplete(rule);
  return (
    <section className="flex flex-col gap-4">
      <div>
        <Button variant="ghost" size="sm" icon={<ArrowLeft size={16} aria-hidden />} onClick={onBack}>
          {t("back")}
        </Button>
        <h3 className="mt-2 text-lg font-semibold wrap-break-word">{t(`kinds.${rule.trigger.kind}`)}</h3>
        <p className="mt-1 text-sm text-muted">{t(`hints.${rule.trigger.kind}`)}</p>
      </div>
      <Field label={t("name")}>
        <Input
          required
          autoComplete="off"
          maxLength={automodLimits.nameLength}
          value={rule.name}
          onChange={(event) => change({ name: event.target.value })}
        />
      </Field>
      <Switch label={t("enabled")} checked={rule.enabled} onChange={(enabled) => change({ enabled })} />
      <TriggerFields trigger={rule.trigger} onChange={(trigger) => change({ trigger })} />
      <RuleActions {...{ serverId, rule }} onChange={change} />
      <RuleExemptions {...{ serverId, rule }} onChange={change} />
      <DryRun {...{ serverId, rule }} disabled={!isReady} />
      {saved && <DeleteRule rule={saved} onDeleted={onBack} />}
      <SaveBar {...{ serverId, saved, rule, start, onSaved }} disabled={!isReady} />
    </section>
  );
}

interface SaveBarProps extends Pick<RuleEditorProps, "serverId" | "saved" | "start" | "onSaved"> {
  rule: AutomodRuleFields;
  disabled: boolean;
}

function SaveBar({ serverId, saved, rule, start, disabled, onSaved }: SaveBarProps) {
  const { t } = useTranslation(["automod", "common"]);
  const client = useClient();
  const toast = useToast();
  const { busy, run } = useAction();
  if (saved && JSON.stringify(rule) === JSON.stringify(start)) return null;
  async function save(): Promise<void> {
    const calls = automodCalls(client.rest);
    await run(async () => {
      const body = tidy(rule);
      onSaved(await (saved ? calls.updateRule(saved.id, body) : calls.createRule(serverId, body)));
      toast({ title: t("common:saved"), tone: "success" });
    });
  }
  const isOvertaken = saved !== null && JSON.stringify(fieldsOf(saved)) !== JSON.stringify(start);
  return (
    <div className="sticky -bottom-4 -mx-5 flex flex-wrap items-center justify-end gap-2 border-t border-line bg-overlay px-5 py-3">
      <p role="status" className="mr-auto text-sm text-muted">
        {t(isOvertaken ? "changedElsewhere" : "unsaved")}
      </p>
      <Button variant="primary" busy={busy} disabled={disabled} onClick={() => void save()}>
        {t("common:save")}
      </Button>
    </div>
  );
}

/** What of a stored rule can be edited. */
export function fieldsOf({ id: _id, server_id: _serverId, ...fields }: AutomodRule): AutomodRuleFields {
  return fields;
}

function DeleteRule({ rule, onDeleted }: { rule: AutomodRule; onDeleted: () => void }) {
  const { t } = useTranslation("automod");
  const client = useClient();
  const { run } = useAction();
  const [isAsking, setAsking] = useState(false);
  async function remove(): Promise<boolean> {
    const isDone = await run(() => automodCalls(client.rest).deleteRule(rule.id));
    if (isDone) onDeleted();
    return isDone;
  }
  return (
    <div className="border-t border-line pt-4">
      <Button variant="danger" icon={<Trash2 size={16} aria-hidden />} onClick={() => setAsking(true)}>
        {t("delete")}
      </Button>
      <ConfirmDialog
        open={isAsking}
        danger
        onOpenChange={setAsking}
        title={t("deleteTitle", { name: rule.name })}
        description={t("deleteDescription")}
        confirmLabel={t("delete")}
        onConfirm={remove}
      />
    </div>
  );
}
