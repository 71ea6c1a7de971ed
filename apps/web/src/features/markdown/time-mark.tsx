import type { TimeStyle } from "@miscord/text";
import { useTranslation } from "react-i18next";
import { useRelativeTime } from "../../i18n/time-texts.ts";

const options: Readonly<Record<Exclude<TimeStyle, "R">, Intl.DateTimeFormatOptions>> = {
  t: { timeStyle: "short" },
  T: { timeStyle: "medium" },
  d: { dateStyle: "short" },
  D: { dateStyle: "long" },
  f: { dateStyle: "long", timeStyle: "short" },
  F: { dateStyle: "full", timeStyle: "short" },
};

/** By language and style: a message may name a thousand moments, and to make one takes milliseconds on a phone. */
const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(locale: string, style: keyof typeof options): Intl.DateTimeFormat {
  const key = `${locale} ${style}`;
  const format = formats.get(key) ?? new Intl.DateTimeFormat(locale, options[style]);
  formats.set(key, format);
  return format;
}

/** A moment that a message names, in the reader's own time. */
export function TimeMark({ atMs, style }: { atMs: number; style: TimeStyle }) {
  const { i18n } = useTranslation();
  const at = new Date(atMs);
  const whole = formatOf(i18n.language, "F").format(at);
  return (
    <time dateTime={at.toISOString()} title={whole} className="rounded-sm bg-active px-1">
      {style === "R" ? <Ago atMs={atMs} /> : formatOf(i18n.language, style).format(at)}
    </time>
  );
}

function Ago({ atMs }: { atMs: number }) {
  return useRelativeTime(atMs);
}
