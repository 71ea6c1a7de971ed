import { useMemo } from "react";
import { useTranslation } from "react-i18next";

export type Time = string | number | Date;

const dayMs = 86_400_000;
const units = [
  ["year", 365 * dayMs],
  ["month", 30 * dayMs],
  ["day", dayMs],
  ["hour", dayMs / 24],
  ["minute", 60_000],
] as const;
const sizeUnits = ["byte", "kilobyte", "megabyte", "gigabyte"] as const;

/** Makes a value when it is first needed. */
function once<Value>(make: () => Value): () => Value {
  let made: Value | undefined;
  return () => (made ??= make());
}

/** Formats dates, times and numbers for a locale. Each formatter of Intl takes milliseconds to create on a phone. */
export function createFormat(locale: string) {
  const dates = (options: Intl.DateTimeFormatOptions) => once(() => new Intl.DateTimeFormat(locale, options));
  const time = dates({ timeStyle: "short" });
  const date = dates({ dateStyle: "long" });
  const shortDate = dates({ dateStyle: "short" });
  const dateTime = dates({ dateStyle: "long", timeStyle: "short" });
  const number = once(() => new Intl.NumberFormat(locale));
  const tenths = once(() => new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 }));
  const list = once(() => new Intl.ListFormat(locale, { type: "conjunction" }));
  const relative = once(() => new Intl.RelativeTimeFormat(locale, { numeric: "auto" }));
  return {
    time: (value: Time) => time().format(new Date(value)),
    date: (value: Time) => date().format(new Date(value)),
    shortDate: (value: Time) => shortDate().format(new Date(value)),
    dateTime: (value: Time) => dateTime().format(new Date(value)),
    number: (value: number) => number().format(value),
    /** One decimal digit, such as "2.5" or "3.0", for figures that change often and should keep their width. */
    tenths: (value: number) => tenths().format(value),
    /** A list such as "Ada, Bob and Cleo". */
    list: (items: readonly string[]) => list().format(items),
    /** A relative time such as "3 hours ago", "yesterday" or "now". Components use `useRelativeTime`, which follows it. */
    relative(value: Time, now: Time): string {
      const distanceMs = new Date(value).getTime() - new Date(now).getTime();
      const [unit, unitMs] = units.find(([, ms]) => Math.abs(distanceMs) >= ms) ?? ["second", Number.POSITIVE_INFINITY];
      // Past times count full units; future times are rounded to the nearest unit.
      const amount = distanceMs / unitMs;
      return relative().format(amount < 0 ? Math.ceil(amount) : Math.round(amount), unit);
    },
    /** "Today", "Yesterday", else the date. Components use `useDayText`, which follows it. */
    day(value: Time, now: Time): string {
      const daysAgo = Math.round((startOfDay(now) - startOfDay(value)) / dayMs);
      if (daysAgo !== 0 && daysAgo !== 1) return date().format(new Date(value));
      const word = relative().format(-daysAgo, "day");
      return word.charAt(0).toLocaleUpperCase(locale) + word.slice(1);
    },
    fileSize(bytes: number): string {
      const power = Math.min(sizeUnits.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
      const format = {
        style: "unit",
        unit: sizeUnits[power]!,
        maximumFractionDigits: power === 0 ? 0 : 1,
        unitDisplay: power === 0 ? "narrow" : "short",
      } as const;
      const size = new Intl.NumberFormat(locale, format).format(bytes / 1024 ** power);
      // In English the short form gives "12 byte" and the narrow form "12B"; other units have a space before them.
      return size.replace(/(\d)B$/, "$1 B");
    },
  };
}

export type Format = ReturnType<typeof createFormat>;

function startOfDay(value: Time): number {
  return new Date(value).setHours(0, 0, 0, 0);
}

/** Intl formatters are expensive to create, so there is one set per language. */
const formats = new Map<string, Format>();

export function useFormat(): Format {
  const { i18n } = useTranslation();
  const locale = i18n.language;
  return useMemo(() => {
    const format = formats.get(locale) ?? createFormat(locale);
    formats.set(locale, format);
    return format;
  }, [locale]);
}
