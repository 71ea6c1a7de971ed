import { ApiError, draftCalls } from "@miscord/client";
import { limits } from "@miscord/protocol";
import { client } from "../../core/client.ts";
import { DraftSync, type KnownDraft } from "./draft-sync.ts";
import { changeDraft, draftOf, useDrafts } from "./drafts.ts";

const keyOf = (userId: number) => `miscord.drafts.known.${userId}`;

/** Keeps the drafts of this page and of the user's account alike until the returned function is called. */
export function followDrafts(userId: number): () => void {
  const { list, save } = draftCalls(client.rest);
  // A draft that is being shown is no change of the user's.
  let isShowing = false;
  const sync = new DraftSync({
    list,
    save,
    written: writtenDrafts,
    textOf: (channelId) => draftOf(channelId).text,
    show(channelId, text) {
      isShowing = true;
      changeDraft(channelId, { text });
      isShowing = false;
    },
    known: read(userId),
    onKnown: (known) => write(userId, known),
    isGone: (error) => error instanceof ApiError && error.code === "not_found",
    longest: limits.messageLength,
  });
  const load = () => void sync.load().catch(() => {});
  const isReady = () => client.store.getState().connection.ready;
  if (isReady()) load();
  const stops = [
    onDraftChanged((channelId) => !isShowing && sync.changed(channelId)),
    client.on("event", (event) => event.type === "draft_updated" && sync.received(event)),
    client.store.subscribe((state, former) => state.connection.ready && !former.connection.ready && load()),
  ];
  return () => {
    for (const stop of stops) stop();
    sync.stop();
    if (!client.store.getState().session.me) localStorage.removeItem(keyOf(userId));
  };
}

/** Ids of the channels whose draft has a text. */
function writtenDrafts(): number[] {
  const { drafts } = useDrafts.getState();
  return Object.keys(drafts)
    .map(Number)
    .filter((id) => drafts[id]!.text !== "");
}

/** `listener` is called with the channel whose text has changed. Returns the function that removes it. */
function onDraftChanged(listener: (channelId: number) => void): () => void {
  return useDrafts.subscribe((now, former) => {
    if (now.userId !== former.userId) return;
    for (const [channelId, { text }] of Object.entries(now.drafts)) {
      if (text !== (former.drafts[Number(channelId)]?.text ?? "")) listener(Number(channelId));
    }
  });
}

function read(userId: number): ReadonlyMap<number, KnownDraft> {
  try {
    return new Map(JSON.parse(localStorage.getItem(keyOf(userId)) ?? "[]") as [number, KnownDraft][]);
  } catch {
    return new Map();
  }
}

/** Where storage is forbidden or full, later pages do not know what was saved. */
function write(userId: number, known: ReadonlyMap<number, KnownDraft>): void {
  try {
    localStorage.setItem(keyOf(userId), JSON.stringify([...known].slice(-limits.draftsPerUser)));
  } catch {
    // As above.
  }
}
