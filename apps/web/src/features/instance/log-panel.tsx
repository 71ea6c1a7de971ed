import type { AuditChange, InstanceLog, InstanceLogEntry } from "@miscord/protocol";
import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "../../core/client.ts";
import { useFormat } from "../../i18n/format.ts";
import { PagedList } from "./paged-list.tsx";
import { usePages } from "./use-pages.ts";

/** What administrators did to the instance. */
export function LogPanel() {
  const { t } = useTranslation("instance");
  const { rest } = useClient();
  const load = useCallback(
    async (last?: InstanceLogEntry) => {
      const query = { before: last?.id };
      const { entries, has_more } = await rest.call<InstanceLog>("GET", "/api/instance/log", { query });
      return { items: entries, has_more };
    },
    [rest],
  );
  return (
    <PagedList
      title={t("log.title")}
      pages={usePages(load)}
      empty={t("log.none")}
      keyOf={({ id }) => id}
      renderItem={(entry) => <LogItem entry={entry} />}
    />
  );
}

function LogItem({ entry }: { entry: InstanceLogEntry }) {
  const { t } = useTranslation("instance");
  const format = useFormat();
  const describe = useDescribeChange();
  const { actor, user, changes } = entry;
  return (
    <div className="min-w-0 flex-1">
      <p className="text-sm font-medium wrap-break-word">
        {t(`log.actions.${entry.action}`)}
        {user && <span> · {user.display_name}</span>}
      </p>
      <p className="text-sm text-faint">
        {actor.display_name} · <time dateTime={entry.created_at}>{format.dateTime(entry.created_at)}</time>
      </p>
      <ul className="text-sm text-muted">
        {changes.map((change) => (
          <li key={change.field} dir="auto" className="wrap-break-word">
            {describe(change)}
          </li>
        ))}
      </ul>
    </div>
  );
}

const named = [
  "registration",
  "server_creation",
  "discovery",
  "admin_factor",
  "name",
  "max_upload_bytes",
  "link_previews",
  "messages_per_second",
  "message_days",
  "file_days",
  "file_mb",
  "text",
  "ends_at",
  "note",
  "provider",
  "picture",
  "banner",
  "about",
  "pronouns",
  "status",
  "emojis",
  "stickers",
];

function useDescribeChange(): (change: AuditChange) => string {
  const { t } = useTranslation("instance");
  const format = useFormat();
  const value = (field: string, one: AuditChange["before"]) => {
    if (one === null) return t("log.nothing");
    if (one === true) return t("log.present");
    if (field === "max_upload_bytes") return format.fileSize(Number(one));
    if (field === "ends_at") return format.dateTime(String(one));
    if (field === "registration") return t(`settings.modes.${one as "open"}`);
    if (field === "link_previews") return t(`settings.previewModes.${one as "on"}`);
    if (field === "server_creation") return t(`settings.creators.${one as "admins"}`);
    return String(one);
  };
  return ({ field, before, after }) =>
    t("log.change", {
      field: named.includes(field) ? t(`log.fields.${field as "text"}`) : field,
      before: value(field, before),
      after: value(field, after),
    });
}
