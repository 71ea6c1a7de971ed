import type { NotificationKind } from "@miscord/protocol";
import { create } from "zustand";
import { stored } from "../../core/stored.ts";

/** Stored in this browser, since the permission for desktop notifications belongs to the browser too. */
export interface NotificationPreferences {
  /** Whether desktop notifications are shown while the page is hidden. */
  desktop: boolean;
  sound: boolean;
  mention: boolean;
  reply: boolean;
  everyone: boolean;
  invite: boolean;
  /** Messages in private channels. */
  direct: boolean;
  /** Whether the user has answered the offer of desktop notifications, which is made only once. */
  wasAsked: boolean;
}

export const notificationKinds = ["direct", "mention", "reply", "everyone", "invite"] as const satisfies readonly (
  | NotificationKind
  | "direct"
)[];

const defaults: NotificationPreferences = {
  desktop: false,
  sound: true,
  mention: true,
  reply: true,
  everyone: true,
  invite: true,
  direct: true,
  wasAsked: false,
};
/** An older name, kept so that preferences stored before the rename stay valid. */
const storageKey = "notices";

export const useNotificationPreferences = create<NotificationPreferences>(() => ({ ...defaults, ...readStored() }));

export function changeNotificationPreferences(change: Partial<NotificationPreferences>): void {
  useNotificationPreferences.setState(change);
  stored.set(storageKey, JSON.stringify(useNotificationPreferences.getState()));
}

// A change in another tab of this browser applies to this tab too.
globalThis.addEventListener?.("storage", ({ key }) => {
  if (key?.endsWith(storageKey)) useNotificationPreferences.setState(readStored());
});

function readStored(): Partial<NotificationPreferences> {
  try {
    const value = JSON.parse(stored.get(storageKey) ?? "{}") as Record<string, unknown>;
    return Object.fromEntries(
      Object.entries(value).filter(([name, entry]) => name in defaults && typeof entry === "boolean"),
    );
  } catch {
    return {};
  }
}
