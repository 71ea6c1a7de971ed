/** What decides whether a thread is archived; see `schema.ts`. */
interface Activity {
  archived: number;
  active_at: number | null;
  archive_after_s: number | null;
}

/** By hand, or because nobody has written for long enough: nothing runs at that time. */
export function isArchived({ archived, active_at, archive_after_s }: Activity, now: number): boolean {
  return archived === 1 || (active_at ?? 0) + (archive_after_s ?? 0) * 1_000 <= now;
}
