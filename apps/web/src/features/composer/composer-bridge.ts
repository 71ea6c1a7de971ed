type Insert = (text: string) => void;

/** The mounted composers, the one that was mounted last at the end: that of a thread beside its channel. */
const mounted: { serverId: number; insert: Insert }[] = [];
/** Text for the next composer, which is about to be mounted. */
let pending: { serverId: number; text: string } | null = null;

/** Registers the mounted composer for the functions below. Returns a function that removes it. */
export function registerComposer(serverId: number, insert: Insert): () => void {
  const registered = { serverId, insert };
  mounted.push(registered);
  if (pending?.serverId === serverId) insert(pending.text);
  pending = null;
  return () => {
    mounted.splice(mounted.indexOf(registered), 1);
  };
}

/** Focuses the mounted composer, if there is one. */
export function focusComposer(): void {
  mounted.at(-1)?.insert("");
}

/**
 * Inserts text at the caret of the mounted composer and focuses it, for example from "Mention" in the member menu. If no
 * composer of that server is mounted, calls `open`, which must open one, and inserts the text there.
 */
export function insertIntoComposer(serverId: number, text: string, open: () => void): void {
  const current = mounted.at(-1);
  if (current?.serverId === serverId) return current.insert(text);
  pending = { serverId, text };
  open();
}
