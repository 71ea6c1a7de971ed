import type { DataKind, DataLine } from "@miscord/protocol";
import { personalColumns } from "../../store/personal-columns.ts";
import { keptDays } from "../kept-days.ts";
import type { DomainSettings } from "../settings.ts";

/** `retention`: of the whole instance; servers and channels may keep messages for less time. */
type Settings = Pick<DomainSettings, "auditLogMs" | "addressMs" | "retention">;

interface Kept extends Pick<DataLine, "kept" | "on_deletion"> {
  /** With `kept: "days"`. */
  days?: (settings: Settings) => number;
  /** In the export, though no column of this kind is. */
  isExported?: true;
}

const dayMs = 86_400_000;
const auditDays = ({ auditLogMs }: Settings) => auditLogMs / dayMs;

/** How long each kind is kept, and what becomes of it with the account. */
const keptKinds: Readonly<Record<DataKind, Kept>> = {
  account: { kept: "account", on_deletion: "erased" },
  sessions: { kept: "days", days: () => keptDays.endedSessions, on_deletion: "erased" },
  addresses: {
    kept: "days",
    days: ({ addressMs }) => addressMs / dayMs,
    on_deletion: "erased",
    isExported: true,
  },
  security: { kept: "removed", on_deletion: "erased" },
  memberships: { kept: "removed", on_deletion: "erased" },
  people: { kept: "removed", on_deletion: "erased" },
  conversations: { kept: "account", on_deletion: "nameless" },
  messages: { kept: "removed", on_deletion: "chosen", isExported: true },
  mentions: { kept: "removed", on_deletion: "nameless" },
  files: { kept: "removed", on_deletion: "chosen" },
  own_messages: { kept: "removed", on_deletion: "erased" },
  gifs: { kept: "removed", on_deletion: "erased" },
  reactions: { kept: "removed", on_deletion: "erased" },
  reading: { kept: "account", on_deletion: "erased" },
  notifications: { kept: "days", days: () => keptDays.notifications, on_deletion: "erased" },
  push: { kept: "removed", on_deletion: "erased" },
  mails: { kept: "days", days: () => keptDays.mails, on_deletion: "erased" },
  settings: { kept: "account", on_deletion: "erased" },
  invites: { kept: "removed", on_deletion: "erased" },
  programs: { kept: "removed", on_deletion: "erased" },
  bans: { kept: "account", on_deletion: "erased" },
  reports: { kept: "days", days: auditDays, on_deletion: "expires" },
  audit_log: { kept: "days", days: auditDays, on_deletion: "expires" },
  exports: { kept: "days", days: () => keptDays.exports, on_deletion: "erased" },
  search: { kept: "removed", on_deletion: "chosen" },
  logs: { kept: "rotation", on_deletion: "expires" },
};

/** They go with the messages that they belong to. */
const ofMessages: readonly DataKind[] = ["messages", "mentions", "files", "reactions", "search"];

/** The list for people to read, in the order of the kinds. */
export function describeData(settings: Settings): DataLine[] {
  return (Object.keys(keptKinds) as DataKind[]).map((kind) => {
    const { on_deletion, isExported = false, ...usual } = keptKinds[kind];
    const { kept, days }: Pick<Kept, "kept" | "days"> = isOfMessages(kind, settings)
      ? { kept: "days", days: ({ retention }) => retention.message_days }
      : usual;
    const exported = isExported || personalColumns.some((column) => column.kind === kind && column.export);
    return { kind, kept, days: days ? Math.round(days(settings)) : null, exported, on_deletion };
  });
}

/** Whether it goes after the time that the instance keeps messages. */
function isOfMessages(kind: DataKind, { retention }: Settings): boolean {
  return retention.message_days > 0 && ofMessages.includes(kind);
}
