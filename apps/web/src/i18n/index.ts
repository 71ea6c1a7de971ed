import type { Locale } from "@miscord/protocol";
import { isolate } from "@miscord/text";
import i18next, { changeLanguage, type ResourceLanguage, use as extend } from "i18next";
import { initReactI18next } from "react-i18next";
import { stored } from "../core/stored.ts";

export const locales = ["en", "ru"] as const satisfies readonly Locale[];

/** Each language's name for itself. */
export const languageNames = { en: "English", ru: "Русский" } as const satisfies Record<Locale, string>;

/** Only the texts of the language in use are loaded. */
const resources: Record<Locale, () => Promise<{ default: ResourceLanguage }>> = {
  en: () => import("./en/index.ts"),
  ru: () => import("./ru/index.ts"),
};
/** Texts of screens that few people open, loaded with the screen. */
const later = {
  monitor: { en: () => import("./en/monitor.ts"), ru: () => import("./ru/monitor.ts") },
  automod: { en: () => import("./en/automod.ts"), ru: () => import("./ru/automod.ts") },
} satisfies Record<string, Record<Locale, () => Promise<{ default: ResourceLanguage }>>>;
type Later = keyof typeof later;
const loadedLater = new Set<Later>();

/** The language chosen earlier in this browser, else the browser's first supported language, else English. */
export function preferredLocale(
  chosen: string | null = stored.get("locale"),
  wanted: readonly string[] = navigator.languages,
): Locale {
  const primary = [chosen ?? "", ...wanted].map((tag) => tag.toLowerCase().split("-")[0]);
  return primary.find((tag): tag is Locale => locales.some((locale) => locale === tag)) ?? "en";
}

const rightToLeft = /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFF\u{10800}-\u{10FFF}\u{1E800}-\u{1EFFF}\p{Bidi_Control}]/u;

/** React escapes markup; what is left to do is to keep a right-to-left name from turning the sentence around it. */
function isolateRightToLeft(value: string): string {
  return rightToLeft.test(value) ? isolate(value) : value;
}

export async function startI18n(locale: Locale = preferredLocale()): Promise<void> {
  const bundle = await resources[locale]();
  await extend(initReactI18next).init({
    lng: locale,
    fallbackLng: false,
    resources: { [locale]: bundle.default },
    interpolation: { escapeValue: true, escape: isolateRightToLeft },
    react: { useSuspense: false },
  });
  document.documentElement.lang = locale;
}

/** Changes the interface language. `remember` stores the choice in this browser, so that it applies before login. */
export async function changeLocale(locale: Locale, { remember = false } = {}): Promise<void> {
  if (remember) stored.set("locale", locale);
  if (i18next.language === locale) return;
  const bundle = await resources[locale]();
  for (const [namespace, keys] of Object.entries(bundle.default)) i18next.addResourceBundle(locale, namespace, keys);
  for (const namespace of loadedLater) await addLater(namespace, locale);
  await changeLanguage(locale);
  document.documentElement.lang = locale;
}

/** Loads these texts in the present language and again after each change of the language. */
export async function loadWords(namespace: Later): Promise<void> {
  loadedLater.add(namespace);
  await addLater(namespace, i18next.language as Locale);
}

async function addLater(namespace: Later, locale: Locale): Promise<void> {
  i18next.addResourceBundle(locale, namespace, (await later[namespace][locale]()).default);
}
