type Insert = (text: string) => void;

let current: Insert | null = null;

/** The composer on the screen takes what others want to write into it. Returns the way to stop. */
export function registerComposer(insert: Insert): () => void {
  current = insert;
  return () => {
    if (current === insert) current = null;
  };
}

/** For "mention" in the member list: puts text where the member is writing and focuses it. */
export function insertIntoComposer(text: string): void {
  current?.(text);
}
