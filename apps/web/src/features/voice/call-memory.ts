import type { CallState } from "@miscord/client";
import type { StoreApi } from "zustand/vanilla";

/** A reload takes seconds; a tab that is opened again later is not meant to be in a call. */
const longestReloadMs = 120_000;
const callKey = "miscord.call";
const statusKey = "miscord.call-status";

export interface VoiceStatus {
  isMuted: boolean;
  isDeafened: boolean;
  /** Whether the microphone was muted before deafening, which mutes it too. */
  wasMuted: boolean;
}

/** Storage of this tab and of this browser, either of which may be forbidden. */
export interface CallStorage {
  tab: Pick<Storage, "getItem" | "setItem" | "removeItem">;
  browser: Pick<Storage, "getItem" | "setItem">;
}

/**
 * Keeps mute and deafen, and the call of a page that is left by a reload. Kept in the tab's own storage, so that another
 * tab does not take the call over; a copy of the tab gets nothing, since it is written only when the page is left.
 */
export class CallMemory {
  readonly #storage: () => CallStorage;

  constructor(storage: () => CallStorage) {
    this.#storage = storage;
  }

  /** The channel of the call that the user was in when this tab was reloaded, once. */
  takeCall(userId: number, now: number): number | null {
    const call = this.#read("tab", callKey);
    this.#attempt(({ tab }) => tab.removeItem(callKey));
    const isRecent = typeof call?.["leftAt"] === "number" && now - call["leftAt"] < longestReloadMs;
    return isRecent && call["userId"] === userId && typeof call["channelId"] === "number" ? call["channelId"] : null;
  }

  pageLeft(userId: number, channelId: number, now: number): void {
    this.#attempt(({ tab }) => tab.setItem(callKey, JSON.stringify({ userId, channelId, leftAt: now })));
  }

  status(): VoiceStatus {
    const status = this.#read("browser", statusKey);
    return {
      isMuted: status?.["isMuted"] === true,
      isDeafened: status?.["isDeafened"] === true,
      wasMuted: status?.["wasMuted"] === true,
    };
  }

  keepStatus(status: VoiceStatus): void {
    this.#attempt(({ browser }) => browser.setItem(statusKey, JSON.stringify(status)));
  }

  #read(place: keyof CallStorage, key: string): Record<string, unknown> | null {
    try {
      return JSON.parse(this.#storage()[place].getItem(key) ?? "null") as Record<string, unknown> | null;
    } catch {
      return null;
    }
  }

  #attempt(act: (storage: CallStorage) => void): void {
    try {
      act(this.#storage());
    } catch {
      // Storage may be full or forbidden; a reload then ends the call.
    }
  }
}

/** Writes down the call whenever the page is left, which may be a reload. */
export function keepCall(memory: CallMemory, store: StoreApi<CallState>, selfId: () => number | null): void {
  addEventListener("pagehide", () => {
    const [userId, { channelId }] = [selfId(), store.getState()];
    if (userId !== null && channelId !== null) memory.pageLeft(userId, channelId, Date.now());
  });
}
