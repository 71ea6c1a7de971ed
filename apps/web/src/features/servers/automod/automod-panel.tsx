import { automodKinds, type AutomodKind, type AutomodRule, type AutomodRuleFields } from "@miscord/protocol";
import { Plus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ListPanel } from "../../../layout/list-panel.tsx";
import { Button } from "../../../ui/button.tsx";
import { presetOf } from "./presets.ts";
import { RuleEditor, fieldsOf } from "./rule-editor.tsx";
import { useRules } from "./use-rules.ts";

/** What is open in the editor. `id` is null for a new rule. */
interface Edited {
  readonly id: number | null;
  readonly start: AutomodRuleFields;
}

/** The server's AutoMod rules, and the editor of the one that is chosen. */
export function AutomodPanel({ serverId }: { serverId: number }) {
  const { t } = useTranslation("automod");
  const { loaded, reload } = useRules(serverId);
  const [edited, setEdited] = useState<Edited | null>(null);
  const edit = (rule: AutomodRule) => setEdited({ id: rule.id, start: fieldsOf(rule) });
  if (edited) {
    return (
      <RuleEditor
        key={JSON.stringify(edited)}
        {...{ serverId, start: edited.start }}
        saved={(loaded.value ?? []).find(({ id }) => id === edited.id) ?? null}
        onBack={() => setEdited(null)}
        onSaved={(rule) => {
          edit(rule);
          reload();
        }}
      />
    );
  }
  const add = (kind: AutomodKind) =>
    setEdited({ id: null, start: presetOf(kind, { name: t(`kinds.${kind}`), message: t(`messages.${kind}`) }) });
  return (
    <>
      <ListPanel
        title="AutoMod"
        loaded={loaded}
        empty={t("none")}
        toolbar={<p className="mb-2 text-sm text-muted">{t("description")}</p>}
        onRetry={reload}
        keyOf={({ id }) => id}
        renderItem={(rule) => <RuleItem rule={rule} onEdit={() => edit(rule)} />}
      />
      <h4 className="mb-2 mt-4 font-semibold">{t("add")}</h4>
      <ul aria-label={t("add")} className="grid gap-2 sm:grid-cols-2">
        {automodKinds.map((kind) => (
          <li key={kind}>
            <button
              type="button"
              onClick={() => add(kind)}
              className="flex h-full w-full items-start gap-2 rounded-md border border-line p-3 text-left hover:bg-hover"
            >
              <Plus size={16} aria-hidden className="mt-0.5 shrink-0" />
              <span>
                <span className="block text-sm font-medium">{t(`kinds.${kind}`)}</span>
                <span className="block text-sm text-muted">{t(`hints.${kind}`)}</span>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

function RuleItem({ rule, onEdit }: { rule: AutomodRule; onEdit: () => void }) {
  const { t } = useTranslation("automod");
  return (
    <>
      <div className="min-w-0 flex-1">
        <p dir="auto" className="truncate text-sm font-medium">
          {rule.name}
        </p>
        <p className="text-sm text-faint">
          {t(`kinds.${rule.trigger.kind}`)}
          {!rule.enabled && ` · ${t("off")}`}
        </p>
      </div>
      <Button size="sm" aria-label={t("edit", { name: rule.name })} onClick={onEdit}>
        {t("change")}
      </Button>
    </>
  );
}
