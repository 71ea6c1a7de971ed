import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import monitorEn from "./en/monitor.ts";
import screensEn from "./en/screens/index.ts";
import startEn from "./en/start/index.ts";
import monitorRu from "./ru/monitor.ts";
import screensRu from "./ru/screens/index.ts";
import startRu from "./ru/start/index.ts";

interface Tree {
  readonly [name: string]: string | Tree;
}

/** The texts of both, whose groups may have the same names. */
function merge(a: Tree, b: Tree): Tree {
  const both = Object.entries(b).map(([name, value]) => {
    const former = a[name];
    return [name, typeof former === "object" && typeof value === "object" ? merge(former, value) : value] as const;
  });
  return { ...a, ...Object.fromEntries(both) };
}

const en = { ...merge(startEn, screensEn), monitor: monitorEn } as Record<string, Tree>;
const ru = { ...merge(startRu, screensRu), monitor: monitorRu } as Record<string, Tree>;

const sourceDir = join(import.meta.dirname, "..");
const pluralForms = { en: ["one", "other"], ru: ["one", "few", "many", "other"] };
const pluralSuffix = /_(?:zero|one|two|few|many|other)$/;

function keysOf(tree: Tree, path = ""): string[] {
  return Object.entries(tree).flatMap(([name, value]) =>
    typeof value === "string" ? [path + name] : keysOf(value, `${path}${name}.`),
  );
}

const baseKeys = (tree: Tree) => [...new Set(keysOf(tree).map((key) => key.replace(pluralSuffix, "")))].toSorted();

function textOf(tree: Tree, key: string): string {
  return key.split(".").reduce<unknown>((node, part) => (node as Tree)[part], tree) as string;
}

/** Placeholders of a text without `count`, which texts like "once" and "a member" leave out. */
const placeholders = (text: string) =>
  [...text.matchAll(/\{\{(?!count)(\w+)/g)].map(([, name]) => name ?? "").toSorted((a, b) => a.localeCompare(b));

describe.each(Object.keys(en))("%s", (namespace) => {
  test("both languages have the same keys", () => {
    expect(baseKeys(ru[namespace]!)).toEqual(baseKeys(en[namespace]!));
  });

  test.each(["en", "ru"] as const)("every plural key has all plural forms of %s", (locale) => {
    const keys = keysOf({ en, ru }[locale][namespace]!);
    const bases = new Set(keys.filter((key) => pluralSuffix.test(key)).map((key) => key.replace(pluralSuffix, "")));
    const missing = [...bases].flatMap((base) =>
      pluralForms[locale].map((form) => `${base}_${form}`).filter((key) => !keys.includes(key)),
    );
    expect(missing).toEqual([]);
  });

  test("both languages use the same placeholders", () => {
    for (const key of keysOf(ru[namespace]!)) {
      const base = key.replace(pluralSuffix, "");
      const twin = keysOf(en[namespace]!).includes(key) ? key : `${base}_other`;
      expect({ key, blanks: placeholders(textOf(ru[namespace]!, key)) }).toEqual({
        key,
        blanks: placeholders(textOf(en[namespace]!, twin)),
      });
    }
  });

  test("every translation key is used in the source", () => {
    const unused = baseKeys(en[namespace]!).filter((key) => !isUsed(namespace, key));
    expect(unused).toEqual([]);
  });
});

describe.each(Object.keys(startEn) as (keyof typeof startEn)[])("of %s, the first view needs", (namespace) => {
  test("what it loads, and nothing else", () => {
    const unneeded = baseKeys(startEn[namespace]).filter((key) => !isUsed(namespace, key, startSource()));
    const screens: Record<string, Tree> = screensEn;
    const missing = baseKeys(screens[namespace] ?? {}).filter((key) => isUsed(namespace, key, startSource()));
    expect({ unneeded, missing }).toEqual({ unneeded: [], missing: [] });
  });
});

const source = readdirSync(sourceDir, { recursive: true, encoding: "utf8" })
  .filter((path) => /\.tsx?$/.test(path) && !path.startsWith("i18n") && !path.includes(".test."))
  .map((path) => readFileSync(join(sourceDir, path), "utf8"))
  .join("\n");

const staticImport = /^(?:import|export)\s(?!type\b)(?:[^;]*?from\s)?"(?<path>\.[^"]+\.tsx?)";/gm;
const startFiles = new Map<string, string>();

/** The modules that the page imports before it shows anything, and that of a component which is always mounted then. */
const startRoots = ["main.tsx", "features/people/direct-message-listener.tsx"];

function startSource(): string {
  if (startFiles.size === 0) for (const path of startRoots) follow(join(sourceDir, path));
  return [...startFiles].map(([path, text]) => (path.includes("/i18n/") ? "" : text)).join("\n");
}

function follow(path: string): void {
  if (startFiles.has(path)) return;
  const text = readFileSync(path, "utf8");
  startFiles.set(path, text);
  for (const { groups } of text.matchAll(staticImport)) follow(join(path, "..", groups!["path"]!));
}

/** Whether the source contains `"a.b"`, `"namespace:a.b"`, or a template that can produce the key: `a.${…}`. */
function isUsed(namespace: string, key: string, inSource = source): boolean {
  const parts = key.split(".");
  const prefixes = parts.slice(0, -1).map((_, at) => `${parts.slice(0, at + 1).join(".")}.\${`);
  return [key, `${namespace}:${key}`].some(
    (name) =>
      inSource.includes(`"${name}"`) ||
      prefixes.some((prefix) => inSource.includes(name.slice(0, -key.length) + prefix)),
  );
}

/** Other words for things that the interface already calls something. */
const strayWords = {
  en: [/\bchoose[^.]* messages?\b/i, /\bkick/i, /\bone a line\b/],
  // учётная запись; копировать; исключить, забанить, тайм-аут; вы
  ru: [
    /аккаунт/i,
    /^скопировать/i,
    /удалить участник|участник удал[её]н/i,
    /(?:ограничи|заблокир)\S* (?:участник|на сервере)/i,
    /ограничен\S* участник|участник ограничен/i,
    /(?<![а-яё])(?:ты|тебя|тебе|твой|твои|нажми|введи|выбери)(?![а-яё])/i,
  ],
};

test.each(["en", "ru"] as const)("one thing has one word in all texts of %s", (locale) => {
  const texts = Object.values({ en, ru }[locale]).flatMap((tree) => keysOf(tree).map((key) => textOf(tree, key)));
  expect(texts.filter((text) => strayWords[locale].some((stray) => stray.test(text)))).toEqual([]);
});
