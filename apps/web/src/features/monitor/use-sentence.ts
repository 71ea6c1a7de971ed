import type { MonitorIncident } from "@miscord/protocol";
import { useTranslation } from "react-i18next";
import { useFigures } from "./use-figures.ts";

/** The sentence of an incident in the interface language, with its start in local time. */
export function useSentence(): (incident: MonitorIncident) => string {
  const { i18n } = useTranslation();
  const { time } = useFigures();
  return ({ sentence, started_at: at }) => {
    const text = i18n.language.startsWith("ru") ? sentence.ru : sentence.en;
    return text.replace("{{since}}", time(Date.parse(at) / 1_000));
  };
}
