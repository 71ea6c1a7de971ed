/**
 * Replaces characters that a database would refuse or change: lone surrogates cannot be stored as UTF-8, and PostgreSQL
 * refuses NUL. Without this, an event could differ from a later fetch.
 */
export function storable(text: string): string {
  return text.toWellFormed().replaceAll("\0", "\u{FFFD}");
}

export function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes("\0");
}
