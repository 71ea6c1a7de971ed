const waitMs = { first: 3_000, most: 60_000 };

/** Loads again, less and less often, until it works: for what nobody asks for and everybody would miss. */
export async function insistently<T>(load: () => Promise<T>): Promise<T> {
  for (let wait = waitMs.first; ; wait = Math.min(2 * wait, waitMs.most)) {
    try {
      return await load();
    } catch {
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
}
