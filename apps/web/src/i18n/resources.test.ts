import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import automodEn from "./en/automod.ts";
import usualEn from "./en/index.ts";
import monitorEn from "./en/monitor.ts";
import automodRu from "./ru/automod.ts";
import usualRu from "./ru/index.ts";
import monitorRu from "./ru/monitor.ts";

const en = { ...usualEn, automod: automodEn, monitor: monitorEn };
const ru = { ...usualRu, automod: automodRu, monitor: monitorRu };

const sourceDir = join(import.meta.dirname, "..");
const pluralForms = { en: ["one", "other"], ru: ["one", "few", "many", "other"] };
const pluralSuffix = /_(?:zero|one|two|few|many|other)$/;

function keysOf(tree: object, path = ""): string[] {
  return Object.entries(tree).flatMap(([name, value]) =>
    typeof value === "string" ? [path + name] : keysOf(value as object, `${path}${name}.`),
  );
}

const baseKeys = (tree: object) => [...new Set(keysOf(tree).map((key) => key.replace(pluralSuffix, "")))].toSorted();

function textOf(tree: object, key: string): string {
  return key.split(".").reduce<unknown>((node, part) => (node as Record<string, unknown>)[part], tree) as string;
}

/** Placeholders of a text without `count`, which texts like "once" and "a member" leave out. */
const placeholders = (text: string) =>
  [...text.matchAll(/\{\{(?!count)(\w+)/g)].map(([, name]) => name ?? "").toSorted((a, b) => a.localeCompare(b));

describe.each(Object.keys(en) as (keyof typeof en)[])("%s", (namespace) => {
  test("both languages have the same keys", () => {
    expect(baseKeys(ru[namespace])).toEqual(baseKeys(en[namespace]));
  });

  test.each(["en", "ru"] as const)("every plural key has all plural forms of %s", (locale) => {
    const keys = keysOf(({ en, ru } as const)[locale][namespace]);
    const bases = new Set(keys.filter((key) => pluralSuffix.test(key)).map((key) => key.replace(pluralSuffix, "")));
    const missing = [...bases].flatMap((base) =>
      pluralForms[locale].map((form) => `${base}_${form}`).filter((key) => !keys.includes(key)),
    );
    expect(missing).toEqual([]);
  });

  test("both languages use the same placeholders", () => {
    for (const key of keysOf(ru[namespace])) {
      const base = key.replace(pluralSuffix, "");
      const twin = keysOf(en[namespace]).includes(key) ? key : `${base}_other`;
      expect({ key, blanks: placeholders(textOf(ru[namespace], key)) }).toEqual({
        key,
        blanks: placeholders(textOf(en[namespace], twin)),
      });
    }
  });

  test("every translation key is used in the source", () => {
    const unused = baseKeys(en[namespace]).filter((key) => !isUsed(namespace, key));
    expect(unused).toEqual([]);
  });
});

const source = readdirSync(sourceDir, { recursive: true, encoding: "utf8" })
  .filter((path) => /\.tsx?$/.test(path) && !path.startsWith("i18n") && !path.includes(".test."))
  .map((path) => readFileSync(join(sourceDir, path), "utf8"))
  .join("\n");

/** Whether the source contains `"a.b"`, `"namespace:a.b"`, or a template that can produce the key: `a.${…}`. */
function isUsed(namespace: string, key: string): boolean {
  const parts = key.split(".");
  const prefixes = parts.slice(0, -1).map((_, at) => `${parts.slice(0, at + 1).join(".")}.\${`);
  return [key, `${namespace}:${key}`].some(
    (name) =>
      source.includes(`"${name}"`) || prefixes.some((prefix) => source.includes(name.slice(0, -key.length) + prefix)),
  );
}
