import type { Locale } from "@miscord/protocol";
import { isolate } from "@miscord/text";
import i18next, { changeLanguage, type ResourceLanguage, use as extend } from "i18next";
import { initReactI18next } from "react-i18next";
import { stored } from "../core/stored.ts";

export const locales = ["en", "ru"] as const satisfies readonly Locale[];

/** Each language's name for itself. */
export const languageNames = { en: "English", ru: "Русский" } as const satisfies Record<Locale, string>;

/**
 * Parts of the texts, of which only the language in use is loaded: `start` before the first paint, `screens` with the
 * first component that is loaded later, `monitor` with the dashboard, which only administrators open.
 */
export type TextBundle = "start" | "screens" | "monitor";

const texts: Record<Locale, Record<TextBundle, () => Promise<{ default: ResourceLanguage }>>> = {
  en: {
    start: () => import("./en/start/index.ts"),
    screens: () => import("./en/screens/index.ts"),
    monitor: async () => ({ default: { monitor: (await import("./en/monitor.ts")).default } }),
  },
  ru: {
    start: () => import("./ru/start/index.ts"),
    screens: () => import("./ru/screens/index.ts"),
    monitor: async () => ({ default: { monitor: (await import("./ru/monitor.ts")).default } }),
  },
};
/** What has been loaded, which each language that is chosen later needs, too. */
const loaded = new Set<TextBundle>(["start"]);

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
  const bundle = await texts[locale].start();
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
  // What is loaded meanwhile is loaded in this language as well.
  for (let known = -1; known !== loaded.size;) {
    known = loaded.size;
    await Promise.all([...loaded].map((bundle) => add(locale, bundle)));
  }
  await changeLanguage(locale);
  document.documentElement.lang = locale;
}

/** Loads texts in the present language, and again with each change of the language. */
export async function loadTexts(bundle: TextBundle): Promise<void> {
  if (loaded.has(bundle)) return;
  await add(i18next.language as Locale, bundle);
  loaded.add(bundle);
  // The language may have changed meanwhile.
  await add(i18next.language as Locale, bundle);
}

/** A namespace has texts in several bundles. What was loaded once comes from the module cache. */
async function add(locale: Locale, bundle: TextBundle): Promise<void> {
  const { default: namespaces } = await texts[locale][bundle]();
  for (const [namespace, keys] of Object.entries(namespaces)) {
    i18next.addResourceBundle(locale, namespace, keys, true, true);
  }
}
