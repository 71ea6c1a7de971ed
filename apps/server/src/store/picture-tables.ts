import type { Selectable } from "kysely";

/** Pictures that were encoded anew: those of people, servers, emoji and previews. The file has the id as its key. */
export interface PicturesTable {
  id: string;
  bytes: number;
  width: number;
  height: number;
  created_at: number;
}

export type PictureRow = Selectable<PicturesTable>;
