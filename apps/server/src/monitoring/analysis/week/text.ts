import type { WeekSummary } from "@miscord/protocol";
import type { Language } from "../words.ts";

type Figures = Omit<WeekSummary, "text">;

interface Words {
  readonly week: (from: string, until: string) => string;
  readonly people: (accounts: string, most: string, at: string) => string;
  readonly traffic: (messages: string, hours: string, inCalls: string) => string;
  readonly noCalls: (messages: string) => string;
  readonly quiet: string;
  readonly incidents: (count: string, duration: string, longest: string) => string;
  readonly quantities: Readonly<Record<NonNullable<WeekSummary["nearest"]>["quantity"], string>>;
  readonly full: (quantity: string, from: string) => string;
  readonly nothing: string;
  readonly unknown: string;
}

const en: Words = {
  week: (from, until) => `The week from ${from} to ${until}.`,
  people: (accounts, most, at) => `People: ${accounts} were here, at most ${most} at once (${at} UTC).`,
  traffic: (messages, hours, inCalls) => `Messages: ${messages}. Calls: ${hours}, at most ${inCalls} people at once.`,
  noCalls: (messages) => `Messages: ${messages}. No calls.`,
  quiet: "No incidents.",
  incidents: (count, duration, longest) => `Incidents: ${count}, ${duration} in all. The longest: ${longest}`,
  quantities: {
    disk: "the disk",
    memory: "memory",
    connections: "the connection limit",
    database: "the database",
    database_disk: "the database's disk",
  },
  full: (quantity, from) => `Next to run out is ${quantity}: on ${from} at the earliest.`,
  nothing: "Nothing runs out within 60 days.",
  unknown: "There is not enough data yet for forecasts.",
};

const ru: Words = {
  week: (from, until) => `Неделя с ${from} по ${until}.`,
  people: (accounts, most, at) => `Люди: всего заходили ${accounts}, одновременно не больше ${most} (${at} UTC).`,
  traffic: (messages, hours, inCalls) =>
    `Сообщения: ${messages}. Звонки: ${hours}, одновременно не больше ${inCalls} участников.`,
  noCalls: (messages) => `Сообщения: ${messages}. Звонков не было.`,
  quiet: "Инцидентов не было.",
  incidents: (count, duration, longest) => `Инциденты: ${count}, всего ${duration}. Самый долгий: ${longest}`,
  quantities: {
    disk: "диск",
    memory: "память",
    connections: "лимит соединений",
    database: "база данных",
    database_disk: "диск базы данных",
  },
  full: (quantity, from) => `Первым закончится ${quantity}: не раньше ${from}.`,
  nothing: "В ближайшие 60 дней ничего не закончится.",
  unknown: "Для прогнозов пока мало данных.",
};

const words: Readonly<Record<Language, Words>> = { en, ru };

/** The summary as some lines of text by language; times in UTC, since the readers' time zones are unknown. */
export function weekTexts(figures: Figures): WeekSummary["text"] {
  return { en: weekText(figures, "en"), ru: weekText(figures, "ru") };
}

function weekText(figures: Figures, language: Language): string {
  const told = words[language];
  const number = (value: number) => new Intl.NumberFormat(language).format(value);
  const date = (iso: string, more: Intl.DateTimeFormatOptions = {}) =>
    new Intl.DateTimeFormat(language, { day: "numeric", month: "long", timeZone: "UTC", ...more }).format(
      new Date(iso),
    );
  const { accounts, messages, longest, nearest } = figures;
  const at = date(figures.most_people_at, { weekday: "short", hour: "2-digit", minute: "2-digit" });
  const calls = duration(figures.call_minutes, language);
  const sentence = longest?.sentence[language].replace(
    "{{since}}",
    `${date(longest.started_at, { hour: "2-digit", minute: "2-digit" })} UTC`,
  );
  const forecast = figures.forecasts_known ? told.nothing : told.unknown;
  return [
    told.week(date(figures.from), date(figures.until)),
    told.people(number(accounts), number(figures.most_people), at),
    figures.call_minutes === 0
      ? told.noCalls(number(messages))
      : told.traffic(number(messages), calls, number(figures.most_in_calls)),
    sentence === undefined
      ? told.quiet
      : told.incidents(number(figures.incidents), duration(figures.incident_minutes, language), sentence),
    nearest?.full_from ? told.full(told.quantities[nearest.quantity], date(nearest.full_from)) : forecast,
  ].join("\n");
}

/** Minutes, and hours from two of them on. */
function duration(minutes: number, language: Language): string {
  const [value, unit] = minutes < 120 ? [minutes, "minute"] : [minutes / 60, "hour"];
  return new Intl.NumberFormat(language, {
    style: "unit",
    unit,
    unitDisplay: "short",
    maximumFractionDigits: 0,
  }).format(value);
}
