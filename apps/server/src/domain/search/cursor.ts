import { AppError } from "../../errors.ts";

/** Where the next page begins. */
export interface Cursor {
  /** Below this id. */
  readonly before: number;
  /** Of a page in order of rank: what it goes on with. */
  readonly ranked?: Ranked;
}

/** The messages from the id `from` on are in order of rank; those up to this one have been shown. */
interface Ranked {
  readonly from: number;
  /** A whole number, see `rankOf`. */
  readonly rank: number;
  readonly id: number;
}

/** As text that clients pass on without reading it. */
export function writeCursor({ before, ranked }: Cursor): string {
  return (ranked ? [before, ranked.from, ranked.rank, ranked.id] : [before]).map((part) => part.toString(36)).join(".");
}

/** Throws `invalid_request` for a text that `writeCursor` did not make. */
export function readCursor(text: string): Cursor {
  const isCursor = /^[0-9a-z]{1,11}(\.[0-9a-z]{1,11}){0,3}$/.test(text);
  const [before, from, rank, id] = text.split(".").map((part) => Number.parseInt(part, 36));
  const numbers = [before, from, rank, id].filter((part) => part !== undefined);
  if (!isCursor || before === undefined || numbers.some((part) => !Number.isSafeInteger(part)))
    throw new AppError("invalid_request", "The cursor is not one of a search.");
  if (from === undefined) return { before };
  if (rank === undefined || id === undefined)
    throw new AppError("invalid_request", "The cursor is not one of a search.");
  return { before, ranked: { from, rank, id } };
}
