import type { Attachment, Message } from "@miscord/protocol";

/** Most channels whose drafts are stored; the draft changed longest ago is dropped. */
const channelsKept = 100;
/** A longer draft is only in memory. */
const longestDraft = 100_000;
/** Characters of all stored drafts together as JSON, within the few megabytes that a browser allows. */
const charactersKept = 500_000;

/** What is kept of a draft. `attachments` are its finished uploads, which the server keeps for a day. */
export interface StoredDraft {
  readonly text: string;
  readonly replyTo: Message | null;
  readonly attachments: readonly Attachment[];
}

type Entry = readonly [channelId: number, draft: StoredDraft];

/** Unsent messages by channel, of one account, stored for the browser. Latest changed last. */
export interface DraftStorage {
  read(userId: number): ReadonlyMap<number, StoredDraft>;
  write(userId: number, channelId: number, draft: StoredDraft): void;
  /** The user has logged out. */
  clear(userId: number): void;
}

export function createDraftStorage(storageOf: () => Storage): DraftStorage {
  const keyOf = (userId: number) => `miscord.drafts.${userId}`;

  function read(userId: number): ReadonlyMap<number, StoredDraft> {
    try {
      const entries: unknown = JSON.parse(storageOf().getItem(keyOf(userId)) ?? "[]");
      return new Map(Array.isArray(entries) ? entries.flatMap(entryOf) : []);
    } catch {
      return new Map();
    }
  }

  return {
    read,
    write(userId, channelId, draft) {
      // Read anew each time: another tab may have changed the draft of another channel.
      const others = [...read(userId)].filter(([id]) => id !== channelId);
      const { text, replyTo, attachments } = draft;
      const isEmpty = text === "" && replyTo === null && attachments.length === 0;
      const isStored = !isEmpty && text.length <= longestDraft;
      const entries = bounded(isStored ? [...others, [channelId, draft]] : others);
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

/** Nothing for an entry that cannot be read. A string is the draft of a page that kept only texts. */
function entryOf(entry: unknown): readonly Entry[] {
  if (!Array.isArray(entry) || typeof entry[0] !== "number") return [];
  const [channelId, stored] = entry as [number, unknown];
  if (typeof stored === "string") return [[channelId, { text: stored, replyTo: null, attachments: [] }]];
  if (typeof stored !== "object" || stored === null) return [];
  const { text, replyTo, attachments } = stored as Partial<Record<keyof StoredDraft, unknown>>;
  const draft = {
    text: typeof text === "string" ? text : "",
    replyTo: isMessage(replyTo) ? replyTo : null,
    attachments: Array.isArray(attachments) ? attachments.filter(isAttachment) : [],
  };
  return [[channelId, draft]];
}

function isMessage(value: unknown): value is Message {
  const { id, content, author } = (value ?? {}) as Partial<Message>;
  return typeof id === "number" && typeof content === "string" && typeof author?.display_name === "string";
}

function isAttachment(value: unknown): value is Attachment {
  const { id, file_url, filename, size, content_type } = (value ?? {}) as Partial<Attachment>;
  return (
    typeof id === "number" &&
    typeof size === "number" &&
    [file_url, filename, content_type].every((text) => typeof text === "string")
  );
}

/** The latest entries within the limits. */
function bounded(entries: readonly Entry[]): readonly Entry[] {
  let left = charactersKept;
  return entries
    .slice(-channelsKept)
    .toReversed()
    .filter(([, draft]) => (left -= JSON.stringify(draft).length) >= 0)
    .toReversed();
}
