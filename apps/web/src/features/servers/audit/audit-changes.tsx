import type { AuditChange, AuditEntry } from "@miscord/protocol";
import { includes, permissionBits } from "@miscord/rights";
import { useTranslation } from "react-i18next";
import { useClientState } from "../../../core/client.ts";
import { useFormat } from "../../../i18n/format.ts";
import { serverPermissionNames } from "../../channels/permissions/permission-names.ts";

const sets: readonly string[] = ["permissions", "allow", "deny"];

/** What an entry changed, before and after. */
export function AuditChanges({ entry }: { entry: AuditEntry }) {
  const { t, i18n } = useTranslation("moderation");
  const describe = useDescribeValue();
  const shown = entry.changes.filter(({ field }) => field !== "order");
  if (shown.length === 0) return null;
  return (
    <ul className="mt-0.5 text-sm text-muted">
      {shown.map((change) => (
        <li key={change.field} dir="auto" className="wrap-break-word">
          {t("audit.change", {
            field: i18n.exists(`moderation:audit.fields.${change.field}`)
              ? t(`audit.fields.${change.field as "name"}`)
              : change.field,
            before: describe(change, change.before),
            after: describe(change, change.after),
          })}
        </li>
      ))}
    </ul>
  );
}

function useDescribeValue(): (change: AuditChange, value: AuditChange["before"]) => string {
  const { t } = useTranslation(["moderation", "rights", "forums"]);
  const format = useFormat();
  const channels = useClientState((state) => state.channels);
  return ({ field }, value) => {
    if (value === null || value === "") return t("audit.nothing");
    if (typeof value === "boolean") return value ? t("audit.yes") : t("audit.no");
    if (field === "until") return format.dateTime(String(value));
    if (field === "category_id") return channels[Number(value)]?.name ?? t("audit.gone");
    if (field === "outcome") return t(`reports.outcomes.${value as "acted"}`);
    if (field === "post_order") return t(`forums:order.${value as "activity"}`);
    if (field === "type") return t(`audit.types.${value as "text"}`);
    if (typeof value !== "number" || !sets.includes(field)) return String(value);
    const names = serverPermissionNames.filter((name) => includes(value, permissionBits[name]));
    return names.length > 0
      ? format.list(names.map((name) => t(`rights:permission.${name}.label`)))
      : t("audit.nothing");
  };
}

/** What the action was done to. */
export function useAuditSubject(serverId: number, entry: AuditEntry): string {
  const { t } = useTranslation("moderation");
  const roleName = useClientState(
    (state) => state.servers[serverId]?.roles.find(({ id }) => id === entry.role_id)?.name,
  );
  // The name of the channel; the role is whom its permissions are for.
  if (entry.action === "override_update" && entry.role_id !== null) {
    return [entry.subject, roleName ?? t("audit.gone")].join(" · ");
  }
  return entry.subject ?? "";
}
