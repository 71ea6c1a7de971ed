import type { NotificationKind } from "@miscord/protocol";
import { create } from "zustand";
import { stored } from "../../core/stored.ts";

/** Of this browser, since its permission is. */
export interface NoticePreferences {
  /** Shown by the system while the page is out of sight. */
  desktop: boolean;
  sound: boolean;
  mention: boolean;
  reply: boolean;
  invite: boolean;
  /** The offer of desktop notifications was answered: it is made once. */
  wasAsked: boolean;
}

export const noticeKinds = ["mention", "reply", "invite"] as const satisfies readonly NotificationKind[];

const defaults: NoticePreferences = {
  desktop: false,
  sound: true,
  mention: true,
  reply: true,
  invite: true,
  wasAsked: false,
};
const storageKey = "notices";

export const useNoticePreferences = create<NoticePreferences>(() => ({ ...defaults, ...readStored() }));

export function changeNoticePreferences(change: Partial<NoticePreferences>): void {
  useNoticePreferences.setState(change);
  stored.set(storageKey, JSON.stringify(useNoticePreferences.getState()));
}

// Another tab of this browser decides for this one too.
globalThis.addEventListener?.("storage", ({ key }) => {
  if (key?.endsWith(storageKey)) useNoticePreferences.setState(readStored());
});

function readStored(): Partial<NoticePreferences> {
  try {
    const value = JSON.parse(stored.get(storageKey) ?? "{}") as Record<string, unknown>;
    return Object.fromEntries(
      Object.entries(value).filter(([name, entry]) => name in defaults && typeof entry === "boolean"),
    );
  } catch {
    return {};
  }
}
