/** The unique form of a username: NFKC-normalised and lower case, so that look-alike spellings collide. */
export function usernameKey(username: string): string {
  return username.normalize("NFKC").toLowerCase();
}

/** Names that mention groups of users; nobody can register them. */
export const reservedNames: ReadonlySet<string> = new Set(["everyone", "here"]);
