const mark = /<@&([1-9]\d{0,14})>/y;
const marks = /<@&([1-9]\d{0,14})>/g;

/** How a text names a role: by its id, since roles are renamed and their names hold spaces. */
export const roleMark = (id: number): string => `<@&${id}>`;

/** The role that the text names at this position. */
export function roleAt(text: string, at: number): { id: number; end: number } | null {
  mark.lastIndex = at;
  const match = mark.exec(text);
  return match && { id: Number(match[1]), end: mark.lastIndex };
}

/** A text for reading: with `@name` in place of the roles whose names are known. */
export function withRoleNames(text: string, nameOf: (id: number) => string | undefined): string {
  if (!text.includes("<@&")) return text;
  return text.replaceAll(marks, (typed, id: string) => {
    const name = nameOf(Number(id));
    return name === undefined ? typed : `@${name}`;
  });
}
