/**
 * A number of 32 bits with a sign that stands for a term (FNV-1a). Two terms may share one: whoever finds a document
 * compares its text.
 */
export function numberOf(term: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < term.length; index += 1) {
    hash ^= term.charCodeAt(index);
    hash = Math.imul(hash, 0x01000193);
    hash ^= hash >>> 15;
  }
  return hash | 0;
}
