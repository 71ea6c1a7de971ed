import type { ChannelType, User } from "@miscord/protocol";
import { create } from "zustand";

/** Dialogs that more than one place opens. One at a time. */
export type AppDialog =
  | { kind: "settings"; tab?: SettingsTab }
  | { kind: "quick-switcher" }
  | { kind: "shortcuts" }
  | { kind: "failed-part" }
  | { kind: "add-server" }
  | { kind: "invite"; serverId: number }
  | { kind: "server-settings"; serverId: number }
  | { kind: "leave-server"; serverId: number }
  | { kind: "create-channel"; serverId: number; type?: ChannelType }
  | { kind: "rename-channel"; channelId: number }
  | { kind: "delete-channel"; channelId: number }
  | { kind: "remove-member"; serverId: number; member: Pick<User, "id" | "display_name">; removal: Removal };

export type Removal = "kick" | "ban";

export type SettingsTab = "profile" | "account" | "sessions" | "appearance" | "notifications" | "voice";

export const useDialogStore = create<{ dialog: AppDialog | null }>(() => ({ dialog: null }));

/**
 * Opens after the current event: a menu that led here first closes and gives its focus back to its button, which then
 * is where the dialog returns it to.
 */
export function openDialog(dialog: AppDialog): void {
  setTimeout(() => useDialogStore.setState({ dialog }));
}

export function closeDialog(): void {
  useDialogStore.setState({ dialog: null });
}
