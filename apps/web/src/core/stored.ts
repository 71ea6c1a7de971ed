/** localStorage that may be forbidden, full, or hold what another version wrote. */
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
      // A preference that is not remembered is no reason to fail.
    }
  },
};
