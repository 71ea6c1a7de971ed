import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useFormat } from "../../i18n/format.ts";
import type { Unit } from "./charts.ts";

/** Formats figures with their units in the interface language. */
export function useFigures() {
  const { t, i18n } = useTranslation("monitor");
  const locale = i18n.language;
  const format = useFormat();
  return useMemo(() => {
    const number = (value: number, digits: number) =>
      new Intl.NumberFormat(locale, { maximumFractionDigits: digits }).format(value);
    const time = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit" });
    const moment = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
    const day = new Intl.DateTimeFormat(locale, {
      day: "numeric",
      month: "short",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
    });
    const dateOnly = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short" });
    /** One decimal digit below ten, none above. */
    const short = (value: number) => number(value, value < 10 ? 1 : 0);
    const texts: Readonly<Record<Unit, (value: number) => string>> = {
      count: (value) => number(value, 0),
      ratio: (value) => number(value, 1),
      rate: (value) => t("unit.perSecond", { value: short(value) }),
      perMinute: (value) => t("unit.perMinute", { value: short(value) }),
      seconds: (value) => t("unit.ms", { value: short(value * 1_000) }),
      share: (value) => t("unit.percent", { value: number(value * 100, value < 0.1 ? 1 : 0) }),
      bytes: (value) => format.fileSize(value),
      byteRate: (value) => t("unit.perSecond", { value: format.fileSize(value) }),
      bitrate: (value) => t("unit.kbits", { value: number(value / 1_000, 0) }),
    };
    return {
      figure: (value: number | null | undefined, unit: Unit) =>
        value === null || value === undefined ? "–" : texts[unit](value),
      time: (seconds: number) => time.format(seconds * 1_000),
      moment: (seconds: number) => moment.format(seconds * 1_000),
      /** A time with its date, for events up to a day ago. */
      date: (iso: string) => day.format(new Date(iso)),
      /** A date without a time. */
      day: (iso: string) => dateOnly.format(new Date(iso)),
      duration: (seconds: number) => duration(seconds, locale),
    };
  }, [t, locale, format]);
}

const parts = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
] as const;

/** A duration in its two largest units: "3 hr 12 min". */
function duration(seconds: number, locale: string): string {
  const first = Math.max(
    0,
    parts.findIndex(([, size]) => seconds >= size),
  );
  const shown = seconds < 1 ? parts.slice(-1) : parts.slice(first, first + 2);
  return shown
    .map(([unit, size], index) => {
      const larger = index === 0 ? Number.POSITIVE_INFINITY : shown[0]![1];
      const amount = Math.floor((seconds % larger) / size);
      return new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "short" }).format(amount);
    })
    .join(" ");
}
