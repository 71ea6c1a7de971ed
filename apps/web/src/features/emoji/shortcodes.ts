/** Emoji with their names, the best-known name first. */
export type Shortcodes = readonly (readonly [emoji: string, ...names: string[]])[];

const loading = new Map<string, Promise<Shortcodes>>();

/** Loads the names for a language once, when the first `:` is typed. */
export function loadShortcodes(locale: string): Promise<Shortcodes> {
  let pending = loading.get(locale);
  if (!pending) {
    pending = fetchShortcodes(locale);
    loading.set(locale, pending);
    // A failed load is forgotten, so that it can be retried.
    pending.catch(() => loading.delete(locale));
  }
  return pending;
}

async function fetchShortcodes(locale: string): Promise<Shortcodes> {
  const response = await fetch(`/emojibase/${locale}/shortcodes.json`);
  if (!response.ok) throw new Error(`shortcodes: ${response.status}`);
  return (await response.json()) as Shortcodes;
}

export interface ShortcodeMatch {
  emoji: string;
  name: string;
}

/**
 * The best matches: the exact name, then names that start with the query, then names with a word that does, then any
 * part.
 */
export function searchShortcodes(all: Shortcodes, query: string, limit: number): ShortcodeMatch[] {
  const wanted = query.toLowerCase();
  const ranked = all.flatMap(([emoji, ...names]) => {
    const [best] = names
      .map((name) => ({ emoji, name, rank: rankOf(name, wanted) }))
      .toSorted((a, b) => a.rank - b.rank);
    return best && best.rank < noMatch ? [best] : [];
  });
  return ranked
    .toSorted((a, b) => a.rank - b.rank || a.name.length - b.name.length)
    .slice(0, limit)
    .map(({ emoji, name }) => ({ emoji, name }));
}

export function emojiNamed(all: Shortcodes, name: string): string | undefined {
  return all.find(([, ...names]) => names.includes(name.toLowerCase()))?.[0];
}

const noMatch = 4;

function rankOf(name: string, query: string): number {
  if (name === query) return 0;
  if (name.startsWith(query)) return 1;
  if (name.includes(`_${query}`)) return 2;
  return name.includes(query) ? 3 : noMatch;
}
