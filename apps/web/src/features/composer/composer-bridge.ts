type Insert = (text: string) => void;

let current: { serverId: number; insert: Insert } | null = null;
/** Text for the next composer, which is about to be mounted. */
let pending: { serverId: number; text: string } | null = null;

/** Registers the mounted composer for the functions below. Returns a function that removes it. */
export function registerComposer(serverId: number, insert: Insert): () => void {
  const registered = { serverId, insert };
  current = registered;
  if (pending?.serverId === serverId) insert(pending.text);
  pending = null;
  return () => {
    if (current === registered) current = null;
  };
}

/** Focuses the mounted composer, if there is one. */
export function focusComposer(): void {
  current?.insert("");
}

/**
 * Inserts text at the caret of the mounted composer and focuses it, for example from "Mention" in the member menu. If no
 * composer of that server is mounted, calls `open`, which must open one, and inserts the text there.
 */
export function insertIntoComposer(serverId: number, text: string, open: () => void): void {
  if (current?.serverId === serverId) return current.insert(text);
  pending = { serverId, text };
  open();
}
