import type { MonitorIncident, SeriesUnit } from "@miscord/protocol";
import { words, type Language } from "./words.ts";

type Told = Pick<MonitorIncident, "departures" | "coincidences">;
type Departure = MonitorIncident["departures"][number];

/** Above this factor a number says more than "above the usual"; beyond the other, none is worth giving. */
const leastFactor = 1.5;
const mostFactor = 1_000;
const namedFollowers = 2;

/** One sentence by language, in which `{{since}}` stands for the time of the start. */
export function sentences(incident: Told): MonitorIncident["sentence"] {
  return { en: sentence(incident, "en"), ru: sentence(incident, "ru") };
}

/** The incident for those who need not be administrators: without the names of accounts and channels. */
export function withoutNames(incident: MonitorIncident): MonitorIncident {
  const coincidences = incident.coincidences.filter(({ kind }) => kind !== "account" && kind !== "channel");
  return { ...incident, coincidences, sentence: sentences({ ...incident, coincidences }) };
}

/** The sentence with the time of the start in UTC, for readers whose time zone is unknown. */
export function toldInUtc({ sentence, started_at: at }: MonitorIncident, language: Language): string {
  return sentence[language].replace("{{since}}", `${at.slice(11, 16)} UTC`);
}

function sentence({ departures, coincidences }: Told, language: Language): string {
  const [first, ...others] = departures;
  if (!first) return "";
  const told = words[language];
  const { value, expected } = first.worst;
  const name = first.name[language];
  const where = first.node === null ? "" : ` ${first.alone ? told.onlyNode : told.node} ${first.node}`;
  const figures = [value, expected].map((each) => figure(each, first.unit, language));
  const causes = [...new Set(coincidences.map((each) => cause(each, language)))];
  return [
    `${name}${where}: ${how(first, language)} ${told.since(figures[0]!, figures[1]!)}`,
    followers(others, language),
    causes.length === 0 ? "" : `${told.before} ${causes.join(", ")}`,
    ".",
  ].join("");
}

function how({ kind, direction, worst, every_minutes: every }: Departure, language: Language): string {
  const told = words[language];
  if (kind === "silence") return told.silent;
  if (kind === "rhythm" && every !== null) return told.missed(every);
  if (direction === "below") return told.below;
  if (kind === "drift") return told.climbing;
  const factor = worst.value / worst.expected;
  if (!(factor >= leastFactor && factor < mostFactor)) return told.above;
  const shown = factor < 10 ? Math.round(factor * 10) / 10 : Math.round(factor);
  return told.times(number(shown, 1, language), new Intl.PluralRules(language).select(shown));
}

function followers(others: readonly Departure[], language: Language): string {
  if (others.length === 0) return "";
  const told = words[language];
  const named = others.slice(0, namedFollowers).map(({ name }) => lowerCase(name[language]));
  const left = others.length - named.length;
  const more = left > 0 ? ` ${told.more.replace("{count}", String(left))}` : "";
  return `${told.followed} ${named.join(", ")}${more}`;
}

function cause({ kind, detail }: MonitorIncident["coincidences"][number], language: Language): string {
  return `${words[language].coincidence[kind]}${detail === "" ? "" : ` (${detail})`}`;
}

/** Leaves abbreviations as they are. */
function lowerCase(text: string): string {
  return text === text.toUpperCase() ? text : text.charAt(0).toLowerCase() + text.slice(1);
}

function figure(value: number, unit: SeriesUnit, language: Language): string {
  const { ms, kbits, perMinute } = words[language];
  const short = (each: number) => number(each, each < 10 ? 1 : 0, language);
  switch (unit) {
    case "count":
      return number(value, 0, language);
    case "perMinute":
      return `${short(value)}${perMinute}`;
    case "bytesPerMinute":
      return `${bytes(value, language)}${perMinute}`;
    case "bytes":
      return bytes(value, language);
    case "seconds":
      return `${short(value * 1_000)}\u00A0${ms}`;
    case "ratio":
      return number(value, 1, language);
    case "bitrate":
      return `${number(value / 1_000, 0, language)}\u00A0${kbits}`;
    case "share":
      return `${short(value * 100)}\u00A0%`;
  }
}

const byteUnits = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"] as const;

function bytes(value: number, language: Language): string {
  const power = Math.min(byteUnits.length - 1, Math.max(0, Math.floor(Math.log2(Math.max(1, value)) / 10)));
  const unit = byteUnits[power]!;
  const shown = value / 1_024 ** power;
  return new Intl.NumberFormat(language, { style: "unit", unit, maximumFractionDigits: shown < 10 ? 1 : 0 }).format(
    shown,
  );
}

function number(value: number, digits: number, language: Language): string {
  return new Intl.NumberFormat(language, { maximumFractionDigits: digits }).format(value);
}
