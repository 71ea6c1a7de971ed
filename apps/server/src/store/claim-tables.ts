import type { Generated, Selectable } from "kysely";

/** Who says that an author of Discord, for whom a placeholder stands, is them. One row for each of the two. */
export interface AuthorClaimsTable {
  id: Generated<number>;
  user_id: number;
  placeholder_id: number;
  /** Where the user has met the author. */
  server_id: number;
  /** `pending`, `accepted`, `declined` or `withdrawn`. */
  status: string;
  /** How often the user has asked. */
  attempts: number;
  created_at: number;
  decided_at: number | null;
}

export type AuthorClaimRow = Selectable<AuthorClaimsTable>;
