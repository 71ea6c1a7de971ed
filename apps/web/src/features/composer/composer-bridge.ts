type Insert = (text: string) => void;

let current: Insert | null = null;

/** Registers the mounted composer for `insertIntoComposer`. Returns a function that removes it. */
export function registerComposer(insert: Insert): () => void {
  current = insert;
  return () => {
    if (current === insert) current = null;
  };
}

/** Inserts text at the caret of the mounted composer and focuses it, for example from "Mention" in the member menu. */
export function insertIntoComposer(text: string): void {
  current?.(text);
}
