import type { ChosenStatus } from "@miscord/protocol";
import { Activity, Keyboard, LogOut, Settings, ShieldCheck, SmilePlus } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useLocation } from "wouter";
import { useClient, useMe } from "../core/client.ts";
import { openDialog } from "../core/dialog-store.ts";
import { useConnectionProblem } from "../layout/connection-problem.ts";
import { paths } from "../core/paths.ts";
import { usePhone } from "../ui/use-media-query.ts";
import { useAction } from "../core/use-action.ts";
import { Avatar } from "../ui/avatar.tsx";
import { IconButton } from "../ui/icon-button.tsx";
import { Menu } from "../ui/menu.tsx";
import type { MenuEntry } from "../ui/menu-item.ts";
import { StatusDot } from "../ui/status-dot.tsx";
import { CustomStatusText } from "../features/profile/custom-status-text.tsx";
import { ConnectionButton } from "../features/connection/connection-button.tsx";

const statuses = ["online", "idle", "dnd", "invisible"] as const satisfies readonly ChosenStatus[];

/** The current user, below the channel list: status, settings, logout. */
export function UserPanel() {
  const { t } = useTranslation(["settings", "common"]);
  const client = useClient();
  const me = useMe();
  const phone = usePhone();
  // Others see a disconnected user as offline, so the panel shows the same.
  const shown = useConnectionProblem() ? "offline" : me.status;
  const [, navigate] = useLocation();
  const { run } = useAction();
  const statusEntries = useStatusEntries();
  const trigger = (
    <button
      type="button"
      className="focus-inset flex h-11 min-w-0 flex-1 items-center gap-2.5 rounded-md px-2 text-left transition-colors hover:bg-hover data-[state=open]:bg-active"
    >
      <Avatar user={me} status={shown} ground="sunken" />
      <span className="min-w-0">
        <span dir="auto" className="block truncate text-sm font-semibold leading-4.5">
          {me.display_name}
        </span>
        <span className="block truncate text-xs text-muted">
          {me.custom_status ? <CustomStatusText status={me.custom_status} /> : t(`common:status.${shown}`)}
        </span>
      </span>
    </button>
  );
  return (
    <div className="flex h-14 shrink-0 items-center gap-1 border-t border-line px-2">
      <Menu
        side="top"
        trigger={trigger}
        entries={[
          ...statusEntries,
          "separator",
          me.is_admin && {
            label: t("monitor"),
            icon: <Activity size={16} />,
            onSelect: () => navigate(paths.monitor),
          },
          me.is_admin && {
            label: t("instance"),
            icon: <ShieldCheck size={16} />,
            onSelect: () => navigate(paths.instance),
          },
          !phone && {
            label: t("shortcuts"),
            icon: <Keyboard size={16} />,
            onSelect: () => openDialog({ kind: "shortcuts" }),
          },
          { label: t("logout"), icon: <LogOut size={16} />, onSelect: () => void run(() => client.logout()) },
        ]}
      />
      <ConnectionButton />
      <IconButton label={t("title")} icon={<Settings size={18} />} onClick={() => openDialog({ kind: "settings" })} />
    </div>
  );
}

function useStatusEntries(): readonly MenuEntry[] {
  const { t } = useTranslation(["settings", "common"]);
  const client = useClient();
  const me = useMe();
  return [
    { heading: t("status.heading") },
    ...statuses.map((status) => ({
      label: t(`common:status.${status}`),
      icon: <StatusDot status={status} />,
      checked: me.status === status,
      onSelect: () => client.setStatus(status),
      ...(status === "dnd" || status === "invisible" ? { hint: t(`status.${status}`) } : {}),
    })),
    {
      label: t("customStatus"),
      icon: <SmilePlus size={16} />,
      onSelect: () => openDialog({ kind: "custom-status" }),
    },
  ];
}
