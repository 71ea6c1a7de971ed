import type { MonitorIncident } from "@miscord/protocol";
import { useTranslation } from "react-i18next";
import { useFigures } from "./use-figures.ts";

/** Of a text by language that of the interface. */
export function useTold(): (texts: MonitorIncident["sentence"]) => string {
  const { i18n } = useTranslation();
  return ({ en, ru }) => (i18n.language.startsWith("ru") ? ru : en);
}

/** The sentence of an incident in the interface language, with its start in local time. */
export function useSentence(): (incident: MonitorIncident) => string {
  const told = useTold();
  const { time } = useFigures();
  return ({ sentence, started_at: at }) => told(sentence).replace("{{since}}", time(Date.parse(at) / 1_000));
}
