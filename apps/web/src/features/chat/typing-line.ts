import type { TypingEntry } from "@miscord/client";

export type TypingLine =
  | { form: "one"; a: string }
  | { form: "two"; a: string; b: string }
  | { form: "three"; a: string; b: string; c: string }
  | { form: "many" };

/** Who is typing now, by the names that people show. Null when nobody is. */
export function typingLine(
  entries: readonly TypingEntry[],
  { now, meId, nameOf }: { now: number; meId: number; nameOf: (user: TypingEntry["user"]) => string },
): TypingLine | null {
  const names = entries.filter(({ user, until }) => until > now && user.id !== meId).map(({ user }) => nameOf(user));
  const [a, b, c] = names;
  if (a === undefined) return null;
  if (b === undefined) return { form: "one", a };
  if (c === undefined) return { form: "two", a, b };
  return names.length === 3 ? { form: "three", a, b, c } : { form: "many" };
}
