/** What must be unique of a username: letters that look or read the same count as the same. */
export function usernameKey(username: string): string {
  return username.normalize("NFKC").toLowerCase();
}

/** Addresses groups of people, so nobody may be called this. */
export const reservedNames: ReadonlySet<string> = new Set(["everyone", "here"]);
