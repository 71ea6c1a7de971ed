import { create } from "zustand";
import { stored } from "../../core/stored.ts";

const key = "recentEmoji";
/** Number of stored emoji: two rows of the picker. */
const kept = 18;

function read(): readonly string[] {
  try {
    const parsed: unknown = JSON.parse(stored.get(key) ?? "[]");
    return Array.isArray(parsed) ? parsed.filter((emoji) => typeof emoji === "string").slice(0, kept) : [];
  } catch {
    return [];
  }
}

/** Recently used emoji, latest first. */
export const useRecentEmoji = create<{ emoji: readonly string[] }>(() => ({ emoji: read() }));

export function rememberEmoji(emoji: string): void {
  const recent = [emoji, ...useRecentEmoji.getState().emoji.filter((other) => other !== emoji)].slice(0, kept);
  useRecentEmoji.setState({ emoji: recent });
  stored.set(key, JSON.stringify(recent));
}
