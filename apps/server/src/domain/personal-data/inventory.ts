import type { DataKind, DataLine } from "@miscord/protocol";
import { personalColumns } from "../../store/personal-columns.ts";
import type { DomainSettings } from "../settings.ts";

/** Days that things are kept which are not a setting. */
export const keptDays = { endedSessions: 7, notifications: 90, exports: 7 } as const;

type Settings = Pick<DomainSettings, "auditLogMs" | "addressMs">;

/** How long each kind is kept; `days` needs the number of days. */
const kept: Record<DataKind, { kept: DataLine["kept"]; days?: (settings: Settings) => number; on?: "expires" }> = {
  account: { kept: "account" },
  sessions: { kept: "days", days: () => keptDays.endedSessions },
  addresses: { kept: "days", days: ({ addressMs }) => addressMs / 86_400_000 },
  memberships: { kept: "removed" },
  people: { kept: "removed" },
  messages: { kept: "removed" },
  mentions: { kept: "removed" },
  files: { kept: "removed" },
  reactions: { kept: "removed" },
  reading: { kept: "account" },
  notifications: { kept: "days", days: () => keptDays.notifications },
  settings: { kept: "account" },
  invites: { kept: "removed" },
  bans: { kept: "removed" },
  reports: { kept: "days", days: ({ auditLogMs }) => auditLogMs / 86_400_000, on: "expires" },
  audit_log: { kept: "days", days: ({ auditLogMs }) => auditLogMs / 86_400_000, on: "expires" },
  exports: { kept: "days", days: () => keptDays.exports },
  search: { kept: "removed" },
  logs: { kept: "rotation", on: "expires" },
};

/** Kinds without a column of their own. */
const beside: Partial<Record<DataKind, Pick<DataLine, "exported" | "on_deletion">>> = {
  addresses: { exported: true, on_deletion: "erased" },
  messages: { exported: true, on_deletion: "chosen" },
  search: { exported: false, on_deletion: "chosen" },
  logs: { exported: false, on_deletion: "expires" },
};

/** The list for people to read, in the order of the kinds. */
export function describeData(settings: Settings): DataLine[] {
  return (Object.keys(kept) as DataKind[]).map((kind) => {
    const { days, on, kept: until } = kept[kind];
    const [first, ...others] = personalColumns.filter((column) => column.kind === kind);
    const exported = [first, ...others].some((column) => column?.export !== undefined);
    return {
      kind,
      kept: until,
      days: days ? Math.round(days(settings)) : null,
      exported,
      on_deletion: on ?? first?.onDeletion ?? "expires",
      ...beside[kind],
    };
  });
}
