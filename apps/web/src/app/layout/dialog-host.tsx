import { lazy, Suspense } from "react";
import { type AppDialog, closeDialog, useDialogStore } from "../dialog-store.ts";

/** Each loads when it is first opened. */
const SettingsDialog = lazy(async () => ({
  default: (await import("../../features/settings/settings-dialog.tsx")).SettingsDialog,
}));
const QuickSwitcher = lazy(async () => ({ default: (await import("./quick-switcher.tsx")).QuickSwitcher }));
const ShortcutsDialog = lazy(async () => ({ default: (await import("./shortcuts-dialog.tsx")).ShortcutsDialog }));
const AddServerDialog = lazy(async () => ({
  default: (await import("../../features/servers/add-server-dialog.tsx")).AddServerDialog,
}));
const InviteDialog = lazy(async () => ({
  default: (await import("../../features/servers/invite-dialog.tsx")).InviteDialog,
}));
const ServerSettingsDialog = lazy(async () => ({
  default: (await import("../../features/servers/server-settings-dialog.tsx")).ServerSettingsDialog,
}));
const LeaveServerDialog = lazy(async () => ({
  default: (await import("../../features/servers/leave-server-dialog.tsx")).LeaveServerDialog,
}));
const RemoveMemberDialog = lazy(async () => ({
  default: (await import("../../features/members/remove-member-dialog.tsx")).RemoveMemberDialog,
}));
const ChannelDialogs = lazy(() => import("../../features/channels/channel-dialogs.tsx"));

export function DialogHost() {
  const dialog = useDialogStore((state) => state.dialog);
  return <Suspense>{dialog && <Opened dialog={dialog} />}</Suspense>;
}

function Opened({ dialog }: { dialog: AppDialog }) {
  switch (dialog.kind) {
    case "settings":
      return <SettingsDialog tab={dialog.tab ?? "profile"} onClose={closeDialog} />;
    case "quick-switcher":
      return <QuickSwitcher onClose={closeDialog} />;
    case "shortcuts":
      return <ShortcutsDialog onClose={closeDialog} />;
    case "add-server":
      return <AddServerDialog onClose={closeDialog} />;
    case "invite":
      return <InviteDialog serverId={dialog.serverId} onClose={closeDialog} />;
    case "server-settings":
      return <ServerSettingsDialog serverId={dialog.serverId} onClose={closeDialog} />;
    case "leave-server":
      return <LeaveServerDialog serverId={dialog.serverId} onClose={closeDialog} />;
    case "remove-member":
      return <RemoveMemberDialog {...dialog} onClose={closeDialog} />;
    default:
      return <ChannelDialogs dialog={dialog} onClose={closeDialog} />;
  }
}
