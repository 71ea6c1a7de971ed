import { test } from "vitest";

/** Whether this is the long form of the tests, which tells every story in every language, size and mode. */
export const isLongForm = Boolean(process.env["EVERY_SCREEN"]);

/** For `test.each`: a story is told in its first variant, in the long form of the tests in each. */
export function storyVariants<const T>(usual: T, ...others: readonly T[]): readonly T[] {
  return isLongForm ? [usual, ...others] : [usual];
}

/** A test of the long form only: a rare case of a part whose usual cases have tests beside it. */
export const testInLongForm: (name: string, run: () => Promise<void>) => void = isLongForm ? test : () => {};
