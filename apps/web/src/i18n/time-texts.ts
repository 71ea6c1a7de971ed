import { useAtPresent } from "../core/clock.ts";
import { type Time, useFormat } from "./format.ts";

/** A relative time such as "3 hours ago", kept up to date while it is shown. Empty for null. */
export function useRelativeTime(value: Time | null): string {
  const format = useFormat();
  return useAtPresent((nowMs) => (value === null ? "" : format.relative(value, nowMs)));
}

/** "Today", "Yesterday", else the date, kept up to date while it is shown. Empty for null. */
export function useDayText(value: Time | null): string {
  const format = useFormat();
  return useAtPresent((nowMs) => (value === null ? "" : format.day(value, nowMs)));
}
