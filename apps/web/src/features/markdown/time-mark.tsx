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

/** A moment that a message names, in the reader's own time. */
export function TimeMark({ atMs, style }: { atMs: number; style: TimeStyle }) {
  const { i18n } = useTranslation();
  const ago = useRelativeTime(atMs);
  const at = new Date(atMs);
  const whole = new Intl.DateTimeFormat(i18n.language, options.F).format(at);
  const text = style === "R" ? ago : new Intl.DateTimeFormat(i18n.language, options[style]).format(at);
  return (
    <time dateTime={at.toISOString()} title={whole} className="rounded-sm bg-active px-1">
      {text}
    </time>
  );
}
