/**
 * Remembers over a reload that the server has not heard of a logout yet. Share it between the tabs of a browser
 * (`localStorage`), as they share the cookie that the logout is about.
 */
export interface LogoutMark {
  isSet(): boolean;
  set(isSet: boolean): void;
}
