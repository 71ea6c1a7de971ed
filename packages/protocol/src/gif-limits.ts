/** Of the GIFs that one person keeps, all together, and of what a search for more says. */
export const gifLimits = {
  favourites: 200,
  /** Of their pictures as they are stored. */
  bytes: 100 * 1024 * 1024,
  titleLength: 100,
  queryLength: 100,
  /** Of the sealed texts that stand for what a search has found. */
  sealLength: 3_000,
} as const;
