/** How far the search index is behind the messages; null until it was looked at. */
export interface SearchLag {
  /** Changes of channels that are not in it yet. */
  readonly lag: number | null;
  /** Ids below which a rebuild has not come yet; 0: it is complete. */
  readonly remaining: number | null;
}
