import type { Generated, Selectable } from "kysely";

/** A GIF that a person keeps. */
export interface FavouriteGifsTable {
  id: Generated<number>;
  user_id: number;
  /** Where it was found; of one person none comes twice. */
  source: string;
  /** Of `pictures`. */
  picture_id: string;
  title: string;
  /** The service that it comes from; null: none. */
  credit: string | null;
  created_at: number;
}

export type FavouriteGifRow = Selectable<FavouriteGifsTable>;
