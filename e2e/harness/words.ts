import type { Locale } from "@miscord/protocol";
import { createInstance, type TFunction } from "i18next";
import monitorEn from "../../apps/web/src/i18n/en/monitor.ts";
import screensEn from "../../apps/web/src/i18n/en/screens/index.ts";
import startEn from "../../apps/web/src/i18n/en/start/index.ts";
import monitorRu from "../../apps/web/src/i18n/ru/monitor.ts";
import screensRu from "../../apps/web/src/i18n/ru/screens/index.ts";
import startRu from "../../apps/web/src/i18n/ru/start/index.ts";

type Namespaces = [
  "common",
  "auth",
  "automod",
  "bots",
  "chat",
  "connection",
  "discovery",
  "emojis",
  "gifs",
  "soundboard",
  "stickers",
  "forums",
  "moderation",
  "monitor",
  "notifications",
  "onboarding",
  "people",
  "retention",
  "rights",
  "search",
  "imports",
  "instance",
  "instances",
  "later",
  "pictures",
  "polls",
  "previews",
  "profile",
  "saved",
  "security",
  "servers",
  "settings",
  "share",
  "threads",
  "tools",
  "verification",
  "voice",
  "webhooks",
];
export type Words = TFunction<Namespaces>;

const languages = createInstance();
await languages.init({ resources: {}, lng: "en", interpolation: { escapeValue: false } });
const bundles = {
  en: [startEn, screensEn, { monitor: monitorEn }],
  ru: [startRu, screensRu, { monitor: monitorRu }],
};
for (const [locale, parts] of Object.entries(bundles)) {
  for (const [namespace, texts] of parts.flatMap((part) => Object.entries(part))) {
    languages.addResourceBundle(locale, namespace, texts, true);
  }
}

/** The interface's texts in one language: `t("servers:add.open")`. */
export function wordsOf(locale: Locale): Words {
  return languages.getFixedT<Namespaces>(locale);
}
