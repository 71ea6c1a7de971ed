export type MuteLength = "hour" | "tomorrow" | "forever";

/** The hour of the user's next day at which "until tomorrow" ends. */
const morning = 8;

/** When a mute of this length ends, as ISO 8601; null: never. */
export function muteEnd(length: MuteLength, now: Date): string | null {
  const end = new Date(now);
  if (length === "forever") return null;
  if (length === "hour") end.setTime(now.getTime() + 3_600_000);
  else end.setHours(24 + morning, 0, 0, 0);
  return end.toISOString();
}
