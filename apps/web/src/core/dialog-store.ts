import type { ChannelType, Message, User } from "@miscord/protocol";
import { create } from "zustand";

/** Dialogs that are opened from several places. One is open at a time. */
export type AppDialog =
  | { kind: "settings"; tab?: SettingsTab }
  | { kind: "quick-switcher" }
  | { kind: "shortcuts" }
  | { kind: "instances" }
  | { kind: "failed-part" }
  | { kind: "add-server" }
  | { kind: "new-dm" }
  | { kind: "group"; channelId: number }
  | { kind: "private-calls"; channelId: number }
  | { kind: "invite"; serverId: number }
  | { kind: "member"; serverId: number; userId: number }
  | { kind: "person"; user: User }
  | { kind: "custom-status" }
  | { kind: "server-settings"; serverId: number; tab?: string }
  | { kind: "leave-server"; serverId: number }
  | { kind: "onboarding"; serverId: number }
  | { kind: "create-channel"; serverId: number; type?: ChannelType; categoryId?: number }
  | { kind: "rename-channel"; channelId: number }
  | { kind: "delete-channel"; channelId: number }
  | { kind: "permissions-channel"; channelId: number }
  | { kind: "retention-channel"; channelId: number }
  | { kind: "webhooks"; serverId: number; channelId: number }
  | { kind: "create-thread"; channelId: number; messageId?: number; name?: string }
  | { kind: "create-post"; channelId: number }
  | { kind: "rename-thread"; channelId: number }
  | { kind: "delete-thread"; channelId: number }
  | { kind: "create-poll"; channelId: number }
  | { kind: "schedule"; channelId: number }
  | { kind: "jump-to-date"; channelId: number; from?: string }
  | { kind: "forward"; message: Message }
  | { kind: "message-tools"; channelId: number; message: Message }
  | { kind: "imported-author"; channelId: number; message: Message }
  | { kind: "earlier-texts"; channelId: number; message: Message }
  | { kind: "voters"; channelId: number; message: Message }
  | { kind: "leave"; href: string }
  | { kind: "explain"; serverId: number; member: Pick<User, "id" | "display_name"> }
  | { kind: "member-roles"; serverId: number; member: Pick<User, "id" | "display_name"> }
  | { kind: "nickname"; serverId: number; member: Pick<User, "id" | "display_name"> }
  | { kind: "time-out"; serverId: number; member: Pick<User, "id" | "display_name"> }
  | { kind: "report"; subject: ReportSubject }
  | { kind: "remove-member"; serverId: number; member: Pick<User, "id" | "display_name">; removal: Removal };

/** A message, or a person; in no server they are reported to the administrators of the instance. */
export type ReportSubject =
  | { kind: "message"; message: Message }
  | { kind: "user"; userId: number; reportedIn: number | undefined };

export type Removal = "kick" | "ban";

/** The tabs of the settings dialog, in their order. */
export const settingsTabs = [
  "profile",
  "account",
  "security",
  "privacy",
  "sessions",
  "appearance",
  "notifications",
  "voice",
  "bots",
  "data",
] as const;
export type SettingsTab = (typeof settingsTabs)[number];

export const useDialogStore = create<{ dialog: AppDialog | null }>(() => ({ dialog: null }));

/** Opens the dialog in the same turn: the letters after a shortcut already go to the dialog. */
export function openDialog(dialog: AppDialog): void {
  useDialogStore.setState({ dialog });
}

export function closeDialog(): void {
  useDialogStore.setState({ dialog: null });
}

/** Shows who somebody is. `serverId`: of which they are a member, or null. */
export function openCard(serverId: number | null, user: User): void {
  openDialog(serverId === null ? { kind: "person", user } : { kind: "member", serverId, userId: user.id });
}
