import type { QuietHours } from "./quiet-hours-schema.ts";

const formats = new Map<string, Intl.DateTimeFormat | null>();
/** People may write the name of a time zone in many ways. */
const formatsAtMost = 500;

/** Null for a time zone that is not known here: the server and each browser have their own list of them. */
function formatIn(timeZone: string): Intl.DateTimeFormat | null {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const format = newFormat(timeZone);
  if (formats.size >= formatsAtMost) formats.clear();
  formats.set(timeZone, format);
  return format;
}

function newFormat(timeZone: string): Intl.DateTimeFormat | null {
  const time = { weekday: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" } as const;
  try {
    return new Intl.DateTimeFormat("en", { timeZone, ...time });
  } catch {
    return null;
  }
}

const days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/**
 * Whether it is within the hours, by their own clock; false when their time zone is not known here. `now` in milliseconds
 * since the epoch.
 */
export function isQuiet(hours: QuietHours | null, now: number): boolean {
  const format = hours && formatIn(hours.time_zone);
  if (!format) return false;
  const parts = format.formatToParts(now);
  const of = (type: string) => parts.find((part) => part.type === type)?.value ?? "";
  const time = `${of("hour")}:${of("minute")}`;
  const today = days.indexOf(of("weekday")) + 1;
  const { from, to } = hours;
  const startsOn = (day: number) => hours.days.includes(day);
  if (from < to) return startsOn(today) && time >= from && time < to;
  // Over midnight: hours that began yesterday may still go on.
  return (startsOn(today) && time >= from) || (startsOn(today === 1 ? 7 : today - 1) && time < to);
}
