/** Most channels whose drafts are stored; the draft changed longest ago is dropped. */
const channelsKept = 100;
/** A longer draft is only in memory. */
const longestDraft = 100_000;
/** Characters of all stored drafts together, within the few megabytes that a browser allows. */
const charactersKept = 500_000;

type Entry = readonly [channelId: number, text: string];

/** Texts of unsent messages by channel, of one account, stored for the browser. Latest changed last. */
export interface DraftStorage {
  read(userId: number): ReadonlyMap<number, string>;
  write(userId: number, channelId: number, text: string): void;
  /** The user has logged out. */
  clear(userId: number): void;
}

export function createDraftStorage(storageOf: () => Storage): DraftStorage {
  const keyOf = (userId: number) => `miscord.drafts.${userId}`;

  function read(userId: number): ReadonlyMap<number, string> {
    try {
      const entries: unknown = JSON.parse(storageOf().getItem(keyOf(userId)) ?? "[]");
      return new Map(Array.isArray(entries) ? entries.filter(isEntry) : []);
    } catch {
      return new Map();
    }
  }

  return {
    read,
    write(userId, channelId, text) {
      // Read anew each time: another tab may have changed the draft of another channel.
      const others = [...read(userId)].filter(([id]) => id !== channelId);
      const isStored = text !== "" && text.length <= longestDraft;
      const entries = bounded(isStored ? [...others, [channelId, text]] : others);
      try {
        if (entries.length === 0) storageOf().removeItem(keyOf(userId));
        else storageOf().setItem(keyOf(userId), JSON.stringify(entries));
      } catch {
        // Storage may be full or forbidden; the draft is still in memory.
      }
    },
    clear(userId) {
      try {
        storageOf().removeItem(keyOf(userId));
      } catch {
        // Storage that is forbidden holds no draft.
      }
    },
  };
}

function isEntry(entry: unknown): entry is Entry {
  return Array.isArray(entry) && typeof entry[0] === "number" && typeof entry[1] === "string";
}

/** The latest entries within the limits. */
function bounded(entries: readonly Entry[]): readonly Entry[] {
  let left = charactersKept;
  return entries
    .slice(-channelsKept)
    .toReversed()
    .filter(([, text]) => (left -= text.length) >= 0)
    .toReversed();
}
