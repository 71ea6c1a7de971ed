import type { Message } from "@miscord/protocol";
import { create } from "zustand";
import { client } from "../../core/client.ts";
import type { Upload } from "./upload.ts";

/** What somebody is about to send to a channel. */
export interface Draft {
  readonly text: string;
  readonly replyTo: Message | null;
  readonly uploads: readonly Upload[];
  /** Enter was pressed: it goes out as soon as its files are there. A change of it takes that back. */
  readonly isWaiting: boolean;
}

export const emptyDraft: Draft = { text: "", replyTo: null, uploads: [], isWaiting: false };

interface Drafts {
  userId: number | null;
  /** By channel. */
  drafts: Readonly<Record<number, Draft>>;
}

const useDrafts = create<Drafts>(() => draftsOf(client.store.getState().session.me?.id ?? null));

client.store.subscribe(({ session }) => {
  const userId = session.me?.id ?? null;
  if (userId !== useDrafts.getState().userId) useDrafts.setState(draftsOf(userId));
});

/** The texts of this person that an earlier page of this tab left behind. */
function draftsOf(userId: number | null): Drafts {
  const texts = userId === null ? [] : Object.entries(readTexts(userId));
  return { userId, drafts: Object.fromEntries(texts.map(([channelId, text]) => [channelId, { ...emptyDraft, text }])) };
}

export function draftOf(channelId: number): Draft {
  return useDrafts.getState().drafts[channelId] ?? emptyDraft;
}

export function useDraft(channelId: number): Draft {
  return useDrafts(({ drafts }) => drafts[channelId] ?? emptyDraft);
}

export function changeDraft(channelId: number, change: Partial<Draft>): void {
  const { userId, drafts } = useDrafts.getState();
  const draft = { ...draftOf(channelId), isWaiting: false, ...change };
  useDrafts.setState({ drafts: { ...drafts, [channelId]: draft } });
  if (userId !== null && change.text !== undefined) writeText(userId, channelId, change.text);
}

/** The composer of the channel shows what is answered and takes the focus. */
export function startReply(channelId: number, message: Message): void {
  changeDraft(channelId, { replyTo: message });
}

type Texts = Readonly<Record<number, string>>;

const keyOf = (userId: number) => `miscord.drafts.${userId}`;

/** Stored draft texts by channel id. Session storage, like the outbox: two tabs do not overwrite each other's drafts. */
function readTexts(userId: number): Texts {
  try {
    return JSON.parse(sessionStorage.getItem(keyOf(userId)) ?? "{}") as Texts;
  } catch {
    return {};
  }
}

function writeText(userId: number, channelId: number, text: string): void {
  const { [channelId]: _former, ...others } = readTexts(userId);
  try {
    sessionStorage.setItem(keyOf(userId), JSON.stringify(text === "" ? others : { ...others, [channelId]: text }));
  } catch {
    // Storage may be full or forbidden; the draft is still in memory.
  }
}
