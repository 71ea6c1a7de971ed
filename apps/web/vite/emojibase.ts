import { readFile } from "node:fs/promises";
import type { ServerResponse } from "node:http";
import { createRequire } from "node:module";
import type { Plugin } from "vite";
import { everydayNames } from "./everyday-names.ts";

const locales = ["en", "ru"] as const;
type Locale = (typeof locales)[number];

interface Emoji {
  hexcode: string;
  emoji: string;
  label: string;
  version: number;
  group?: number;
  subgroup?: number;
  tags?: string[];
  skins?: { emoji: string; tone: number | number[] }[];
}
type Shortcodes = Record<string, string | string[]>;

const require = createRequire(import.meta.url);

/**
 * Serves the emoji picker's data under `/emojibase/<locale>/`: `data.json` and `messages.json`
 * without the fields that the picker does not read, and `shortcodes.json` for `:name:` completion.
 */
export function emojibase(): Plugin {
  return {
    name: "emojibase",
    configureServer(server) {
      server.middlewares.use("/emojibase", (request, response) => {
        void answer(new URL(request.url ?? "/", "http://localhost").pathname, response);
      });
    },
    async generateBundle() {
      for (const [fileName, source] of await files()) this.emitFile({ type: "asset", fileName, source });
    },
  };
}

async function answer(path: string, response: ServerResponse): Promise<void> {
  const body = (await files()).get(`emojibase${path}`);
  response.writeHead(body === undefined ? 404 : 200, { "content-type": "application/json" });
  response.end(body);
}

let made: Promise<Map<string, string>> | null = null;

function files(): Promise<Map<string, string>> {
  made ??= Promise.all(locales.map(filesOf)).then((all) => new Map(all.flat()));
  return made;
}

async function filesOf(locale: Locale): Promise<[string, string][]> {
  const [emojis, english, shortcodes] = await Promise.all([
    read<Emoji[]>(`${locale}/data.json`),
    read<Emoji[]>("en/data.json"),
    shortcodesOf(locale),
  ]);
  const englishTags = new Map(english.map((emoji) => [emoji.hexcode, [emoji.label, ...(emoji.tags ?? [])]]));
  const shown = emojis
    .filter(({ group }) => group !== undefined)
    .map((entry) => ({ ...entry, emoji: recommended(entry.emoji) }));
  const data = shown.map((emoji) => {
    const words = [...(emoji.tags ?? []), ...(englishTags.get(emoji.hexcode) ?? []), ...shortcodes(emoji.hexcode)];
    const { label, group, subgroup, version } = emoji;
    const skins = emoji.skins?.map((skin) => ({ emoji: skin.emoji, tone: skin.tone }));
    return { emoji: emoji.emoji, label, group, subgroup, version, tags: [...new Set(words)], skins };
  });
  const names = shown
    .map(({ emoji, hexcode }) => [emoji, ...shortcodes(hexcode), ...(everydayNames[locale][emoji] ?? [])])
    .filter(({ length }) => length > 1);
  const messages = await read<unknown>(`${locale}/messages.json`);
  return [
    [`emojibase/${locale}/data.json`, JSON.stringify(data)],
    [`emojibase/${locale}/messages.json`, JSON.stringify(messages)],
    [`emojibase/${locale}/shortcodes.json`, JSON.stringify(names)],
  ];
}

/**
 * Emojibase adds a variation selector to every emoji that could also be text. For emoji with default emoji presentation
 * Unicode recommends the form without it, and the server accepts only that form.
 */
function recommended(emoji: string): string {
  return /^\p{RGI_Emoji}$/v.test(emoji) ? emoji : emoji.replaceAll("\uFE0F", "");
}

/** Shortcodes by hexcode: first those of other chat services, then those in the reader's language. */
async function shortcodesOf(locale: Locale): Promise<(hexcode: string) => string[]> {
  const paths = ["en/shortcodes/github.json", "en/shortcodes/emojibase.json"];
  if (locale !== "en") paths.push(`${locale}/shortcodes/cldr-native.json`);
  const sets = await Promise.all(paths.map((path) => read<Shortcodes>(path)));
  return (hexcode) => [...new Set(sets.flatMap((set) => set[hexcode] ?? []))];
}

async function read<T>(path: string): Promise<T> {
  return JSON.parse(await readFile(require.resolve(`emojibase-data/${path}`), "utf8")) as T;
}
