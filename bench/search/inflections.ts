import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { clausesOf, matchText, parseQuery } from "../../apps/server/src/search/query.ts";
import { stemsOf } from "../../apps/server/src/search/words.ts";
import { createRandom } from "./corpus.ts";

interface Rule {
  readonly strip: string;
  readonly add: string;
  readonly condition: RegExp;
}

const sampled = 4_000;

/**
 * Of pairs of a word and one of its inflected forms, the share in which the one finds the other, in both directions. The
 * words are those of Debian's package hunspell-ru; null where its folder has none.
 */
export function inflectionsFound(folder: string): { pairs: number; found: number } | null {
  const affixes = join(folder, "ru_RU.aff");
  if (!existsSync(affixes)) return null;
  const words = lemmas(readFileSync(join(folder, "ru_RU.dic"), "utf8"), rules(readFileSync(affixes, "utf8")));
  const random = createRandom(7);
  const count = { pairs: 0, found: 0 };
  for (let drawn = 0; drawn < sampled; drawn += 1) {
    const [lemma = "", ...forms] = words[Math.floor(random() * words.length)] ?? [];
    for (const form of forms) {
      count.pairs += 2;
      count.found += Number(finds(lemma, form)) + Number(finds(form, lemma));
    }
  }
  return count;
}

/** As the index and the comparison afterwards decide it. */
function finds(typed: string, written: string): boolean {
  const query = parseQuery(typed);
  const terms = [...stemsOf(written)];
  const isIndexed = clausesOf(query).every((clause) =>
    clause.some(({ term, isPrefix }) => terms.some((one) => (isPrefix ? one.startsWith(term) : one === term))),
  );
  return isIndexed && matchText(query, [written]) !== null;
}

function rules(text: string): Map<string, Rule[]> {
  const found = new Map<string, Rule[]>();
  for (const line of text.split("\n")) {
    const [, flag = "", strip = "", add = "", condition = ""] = /^SFX\s+(\S+)\s+(\S+)\s+(\S+)\s+(\S+)/.exec(line) ?? [];
    if (flag === "" || /^[YN]$/.test(strip)) continue;
    const rule = {
      strip: strip === "0" ? "" : strip,
      add: add === "0" ? "" : (add.split("/")[0] ?? ""),
      condition: new RegExp(`${condition === "." ? "" : condition}$`),
    };
    found.set(flag, [...(found.get(flag) ?? []), rule]);
  }
  return found;
}

/** Words of at least five letters with at least four forms: others have hardly anything to inflect. */
function lemmas(dictionary: string, byFlag: ReadonlyMap<string, readonly Rule[]>): string[][] {
  return dictionary.split("\n").flatMap((line) => {
    const [word = "", flags = ""] = line.trim().split("/");
    if (!/^[а-яё]{5,}$/.test(word)) return [];
    const forms = new Set([word]);
    for (const { strip, add, condition } of Array.from(flags).flatMap((flag) => byFlag.get(flag) ?? [])) {
      if (word.endsWith(strip) && condition.test(word)) forms.add(word.slice(0, word.length - strip.length) + add);
    }
    return forms.size >= 4 ? [[...forms]] : [];
  });
}
