const loading = new Map<string, Promise<unknown>>();

/** Loads a file of `/emojibase/` once. A failed load is forgotten, so that it can be retried. */
export function loadEmojiFile<Content>(path: string): Promise<Content> {
  let pending = loading.get(path);
  if (!pending) {
    pending = fetchFile(path);
    loading.set(path, pending);
    pending.catch(() => loading.delete(path));
  }
  return pending as Promise<Content>;
}

async function fetchFile(path: string): Promise<unknown> {
  const response = await fetch(`/emojibase/${path}`);
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response.json();
}
