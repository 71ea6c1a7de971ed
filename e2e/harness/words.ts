import type { Locale } from "@miscord/protocol";
import { createInstance, type TFunction } from "i18next";
import en from "../../apps/web/src/i18n/en/index.ts";
import monitorEn from "../../apps/web/src/i18n/en/monitor.ts";
import ru from "../../apps/web/src/i18n/ru/index.ts";
import monitorRu from "../../apps/web/src/i18n/ru/monitor.ts";

type Namespaces = [
  "common",
  "auth",
  "chat",
  "connection",
  "moderation",
  "monitor",
  "notifications",
  "people",
  "rights",
  "search",
  "servers",
  "settings",
  "voice",
];
export type Words = TFunction<Namespaces>;

const languages = createInstance();
const resources = { en: { ...en, monitor: monitorEn }, ru: { ...ru, monitor: monitorRu } };
await languages.init({ resources, lng: "en", interpolation: { escapeValue: false } });

/** The interface's texts in one language: `t("servers:add.open")`. */
export function wordsOf(locale: Locale): Words {
  return languages.getFixedT<Namespaces>(locale);
}
