/** The last character of Unicode is that of the channel before. */
export const channelsWithSymbols = 0x80000;

/**
 * A Unicode character that stands for a term, so that the terms of a document are one short string. The more common a
 * kind of terms is, the fewer bytes of UTF-8 it takes. Two terms may share a symbol, since whoever finds a document
 * compares its text; channels with ids below `channelsWithSymbols` have symbols of their own, since a document can be left out
 * because of its channel.
 */
export function symbolOf(term: string): string {
  return String.fromCodePoint(codePointOf(term));
}

function codePointOf(term: string): number {
  if (term === ":s") return 0x73;
  const channelId = term.startsWith(":c") ? Number(term.slice(2)) : Infinity;
  if (channelId < channelsWithSymbols) return 0x90000 + channelId;
  if (channelId === Infinity && (term.startsWith(":") || term.length === 3)) return ofThreeBytes(hashOf(term) % 61_440);
  if (term.length < 3) return 0x80 + (hashOf(term) % 1_920);
  return 0x10000 + (hashOf(term) % 0x80000);
}

/** U+0800 to U+FFFF without the surrogates. */
function ofThreeBytes(index: number): number {
  return index < 0xd000 ? 0x800 + index : 0x1000 + index;
}

/** 32 bits without a sign (FNV-1a). */
function hashOf(term: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < term.length; index += 1) {
    hash ^= term.charCodeAt(index);
    hash = Math.imul(hash, 0x01000193);
    hash ^= hash >>> 15;
  }
  return hash >>> 0;
}
