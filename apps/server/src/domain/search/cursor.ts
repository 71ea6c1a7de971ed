import { AppError } from "../../errors.ts";

/** Where the next page begins: below an id, after so many of what is ranked from there. */
export interface Cursor {
  readonly before: number;
  readonly skip: number;
}

/** As text that clients pass on without reading it. */
export function writeCursor({ before, skip }: Cursor): string {
  return `${before}.${skip}`;
}

/** Throws `invalid_request` for a text that `writeCursor` did not make. */
export function readCursor(text: string): Cursor {
  const [, before, skip] = /^(\d{1,16})\.(\d{1,4})$/.exec(text) ?? [];
  if (before === undefined || skip === undefined)
    throw new AppError("invalid_request", "The cursor is not one of a search.");
  return { before: Number(before), skip: Number(skip) };
}
