/** Access to localStorage, which may be forbidden, full, or hold values of another version. */
export const stored = {
  get(key: string): string | null {
    try {
      return localStorage.getItem(`miscord.${key}`);
    } catch {
      return null;
    }
  },
  set(key: string, value: string): void {
    try {
      localStorage.setItem(`miscord.${key}`, value);
    } catch {
      // Storage may be full or forbidden; the preference then lasts until the page is closed.
    }
  },
};
