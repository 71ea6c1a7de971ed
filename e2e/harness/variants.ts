/**
 * For `test.each`: a story is told in its first variant (language, size, mode), in the long form of the tests in each.
 */
export function storyVariants<const T>(usual: T, ...others: readonly T[]): readonly T[] {
  return process.env["EVERY_SCREEN"] ? [usual, ...others] : [usual];
}
