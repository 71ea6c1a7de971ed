/**
 * Remembers across a reload that a logout has not reached the server yet. Store it where all tabs of a browser see it
 * (`localStorage`), since they share the cookie that the logout revokes.
 */
export interface LogoutMark {
  isSet(): boolean;
  set(isSet: boolean): void;
}
