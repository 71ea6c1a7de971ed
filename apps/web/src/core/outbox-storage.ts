import type { OutboxPersistence, OutgoingMessage } from "@miscord/client";

interface Options {
  /** Shared by all pages of the browser. */
  storage: Storage;
  /** Of this page only. A page that was reloaded finds its former id here. */
  pageStorage: Storage;
  /** Without locks (on insecure origins) messages of pages that are still open are taken over too. */
  locks: LockManager | undefined;
}

const formerPageKey = "miscord.page";
const lockPrefix = "miscord.page.";

/**
 * Keeps unsent messages for the browser, each page's under a key of its own, so that pages do not overwrite each other's.
 * Every page holds a lock while it is open; a new page takes over the messages of pages whose lock is free. Where storage
 * is forbidden or full, messages are lost with the page.
 */
export function createOutboxStorage({ storage, pageStorage, locks }: Options): OutboxPersistence {
  const pageId = crypto.randomUUID();
  const prefixOf = (userId: number) => `miscord.outbox.${userId}.`;
  const keyOf = (userId: number) => prefixOf(userId) + pageId;
  const formerPageId = attempt(() => pageStorage.getItem(formerPageKey));
  attempt(() => pageStorage.setItem(formerPageKey, pageId));
  // Held until the page is gone.
  void locks?.request(lockPrefix + pageId, () => new Promise(() => {})).catch(() => {});
  let hasStored = false;

  function save(userId: number, messages: readonly OutgoingMessage[]): void {
    const key = keyOf(userId);
    // Another page removed this page's messages: the user has logged out there, so that nothing more is stored here.
    if (hasStored && attempt(() => storage.getItem(key)) === null) return;
    attempt(() => storage.setItem(key, JSON.stringify(messages)));
    hasStored = true;
    if (messages.length > 0) return;
    attempt(() => storage.removeItem(key));
    hasStored = false;
  }

  async function openPages(): Promise<ReadonlySet<string>> {
    const { held = [] } = (await locks?.query()) ?? {};
    return new Set(held.map(({ name }) => (name ?? "").slice(lockPrefix.length)));
  }

  async function adopt(userId: number): Promise<readonly OutgoingMessage[]> {
    const prefix = prefixOf(userId);
    const open = await openPages();
    const isLeft = (key: string) => {
      const owner = key.slice(prefix.length);
      return key.startsWith(prefix) && (owner === pageId || owner === formerPageId || !open.has(owner));
    };
    const keys = Object.keys(storage).filter(isLeft);
    const messages = keys.flatMap((key) => read(storage, key)).toSorted((a, b) => a.createdAt - b.createdAt);
    if (messages.length > 0) save(userId, messages);
    for (const key of keys) if (key !== keyOf(userId)) storage.removeItem(key);
    return messages;
  }

  return {
    async load(userId) {
      try {
        // One page at a time, so that two pages that start together do not both take over the same messages.
        return locks ? await locks.request("miscord.outbox", () => adopt(userId)) : await adopt(userId);
      } catch {
        return [];
      }
    },
    save,
    clear(userId) {
      attempt(() => {
        for (const key of Object.keys(storage)) if (key.startsWith(prefixOf(userId))) storage.removeItem(key);
      });
      hasStored = false;
    },
  };
}

function read(storage: Storage, key: string): readonly OutgoingMessage[] {
  const messages: unknown = attempt(() => JSON.parse(storage.getItem(key) ?? "[]"));
  return Array.isArray(messages) ? (messages as OutgoingMessage[]) : [];
}

/** Null when storage is forbidden, full, or holds what cannot be read. */
function attempt<Value>(use: () => Value): Value | null {
  try {
    return use();
  } catch {
    return null;
  }
}
