import { auditActions, type AuditAction, type AuditEntry } from "@miscord/protocol";
import { X } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useFormat } from "../../../i18n/format.ts";
import { ListPanel } from "../../../layout/list-panel.tsx";
import { Button } from "../../../ui/button.tsx";
import { Field } from "../../../ui/field.tsx";
import { Select } from "../../../ui/select.tsx";
import { AuditChanges, useAuditSubject } from "./audit-changes.tsx";
import { useAuditLog, type AuditFilter } from "./use-audit-log.ts";
import { nameOf } from "../../../core/name-of.ts";

/** The server's audit log. The names in an entry filter by who acted, and by whom it concerned. */
export function AuditPanel({ serverId }: { serverId: number }) {
  const { t } = useTranslation("moderation");
  const [filter, setFilter] = useState<AuditFilter>({ action: null, person: null });
  const { loaded, reload, hasMore, isLoadingMore, loadMore } = useAuditLog(serverId, filter);
  return (
    <>
      <ListPanel
        title={t("audit.title")}
        loaded={loaded}
        empty={t("audit.none")}
        toolbar={<Filters filter={filter} onChange={setFilter} />}
        onRetry={reload}
        keyOf={({ id }) => id}
        renderItem={(entry) => (
          <Entry serverId={serverId} entry={entry} onFilter={(person) => setFilter({ ...filter, person })} />
        )}
      />
      {hasMore && (
        <Button size="sm" busy={isLoadingMore} onClick={loadMore} className="mt-3">
          {t("audit.more")}
        </Button>
      )}
    </>
  );
}

function Filters({ filter, onChange }: { filter: AuditFilter; onChange: (filter: AuditFilter) => void }) {
  const { t } = useTranslation("moderation");
  const { action, person } = filter;
  const options = [
    { value: "all", label: t("audit.everyAction") },
    ...auditActions.map((value) => ({ value, label: t(`audit.actions.${value}`) })),
  ];
  return (
    <div className="mb-2 flex flex-wrap items-end gap-3">
      <Field label={t("audit.action")} className="min-w-56 flex-1">
        <Select
          value={action ?? "all"}
          options={options}
          onChange={(value) => onChange({ ...filter, action: value === "all" ? null : (value as AuditAction) })}
        />
      </Field>
      {person && (
        <Button onClick={() => onChange({ ...filter, person: null })}>
          <span className="max-w-48 truncate">
            {t(person.role === "user_id" ? "audit.acted" : "audit.concerned")} {person.user.display_name}
          </span>
          <X size={16} aria-hidden />
          <span className="sr-only">{t("audit.all")}</span>
        </Button>
      )}
    </div>
  );
}

interface EntryProps {
  serverId: number;
  entry: AuditEntry;
  onFilter: (person: AuditFilter["person"]) => void;
}

function Entry({ serverId, entry, onFilter }: EntryProps) {
  const { t } = useTranslation("moderation");
  const format = useFormat();
  const subject = useAuditSubject(serverId, entry);
  const { actor, user } = entry;
  return (
    <div className="min-w-0 flex-1">
      <p className="text-sm font-medium wrap-break-word">
        {t(`audit.actions.${entry.action}`)}
        {subject && <span dir="auto"> · {subject}</span>}
      </p>
      <p className="text-sm text-faint">
        {t("audit.acted")}{" "}
        <NameButton name={nameOf(actor)} onClick={() => onFilter({ role: "user_id", user: actor })} />
        {user && (
          <>
            {" · "}
            {t("audit.concerned")}{" "}
            <NameButton name={nameOf(user)} onClick={() => onFilter({ role: "target_id", user })} />
          </>
        )}
        {" · "}
        <time dateTime={entry.created_at}>{format.dateTime(entry.created_at)}</time>
      </p>
      <AuditChanges entry={entry} />
      {entry.reason && (
        <p dir="auto" className="mt-0.5 text-sm text-muted wrap-break-word">
          {t("audit.reason", { reason: entry.reason })}
        </p>
      )}
    </div>
  );
}

function NameButton({ name, onClick }: { name: string; onClick: () => void }) {
  return (
    <button
      type="button"
      dir="auto"
      className="font-medium text-muted underline-offset-2 hover:underline"
      onClick={onClick}
    >
      {name}
    </button>
  );
}
