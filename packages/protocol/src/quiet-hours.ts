import type { QuietHours } from "./model.ts";

const formats = new Map<string, Intl.DateTimeFormat>();
/** People may write the name of a time zone in many ways. */
const formatsAtMost = 500;

/** Throws a RangeError for a time zone that does not exist. */
function formatIn(timeZone: string): Intl.DateTimeFormat {
  const format =
    formats.get(timeZone) ??
    new Intl.DateTimeFormat("en", { timeZone, weekday: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  if (formats.size >= formatsAtMost) formats.clear();
  formats.set(timeZone, format);
  return format;
}

const days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/** Whether it is within the hours, by their own clock. `now` in milliseconds since the epoch. */
export function isQuiet(hours: QuietHours | null, now: number): boolean {
  if (hours === null) return false;
  const parts = formatIn(hours.time_zone).formatToParts(now);
  const of = (type: string) => parts.find((part) => part.type === type)?.value ?? "";
  const time = `${of("hour")}:${of("minute")}`;
  const today = days.indexOf(of("weekday")) + 1;
  const { from, to } = hours;
  const startsOn = (day: number) => hours.days.includes(day);
  if (from < to) return startsOn(today) && time >= from && time < to;
  // Over midnight: hours that began yesterday may still go on.
  return (startsOn(today) && time >= from) || (startsOn(today === 1 ? 7 : today - 1) && time < to);
}
