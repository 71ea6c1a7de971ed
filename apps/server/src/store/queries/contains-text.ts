import { sql } from "kysely";

/** Whether the column contains the text, whatever its case. SQLite folds the case of ASCII letters only. */
export function containsText(column: string, text: string) {
  const capitalized = text.slice(0, 1).toUpperCase() + text.slice(1).toLowerCase();
  const spellings = new Set([text, text.toLowerCase(), capitalized, text.toUpperCase()]);
  return sql<boolean>`(${sql.join(
    [...spellings].map((spelling) => sql`${sql.ref(column)} like ${patternOf(spelling)} escape '\\'`),
    sql` or `,
  )})`;
}

/** The pattern of `like` for values that contain the text. */
export function patternOf(text: string): string {
  return `%${text.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
}
