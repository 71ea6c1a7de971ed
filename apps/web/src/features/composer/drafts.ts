import type { Message } from "@miscord/protocol";
import { create } from "zustand";
import { client } from "../../core/client.ts";
import type { Upload } from "./upload.ts";

/** An unsent message to a channel. */
export interface Draft {
  readonly text: string;
  readonly replyTo: Message | null;
  readonly uploads: readonly Upload[];
  /** The draft is sent as soon as its files are uploaded. Any change of the draft cancels that. */
  readonly isWaiting: boolean;
}

export const emptyDraft: Draft = { text: "", replyTo: null, uploads: [], isWaiting: false };

interface Drafts {
  userId: number | null;
  /** Drafts by channel id. */
  drafts: Readonly<Record<number, Draft>>;
}

const useDrafts = create<Drafts>(() => draftsOf(client.store.getState().session.me?.id ?? null));

client.store.subscribe(({ session }) => {
  const userId = session.me?.id ?? null;
  if (userId !== useDrafts.getState().userId) useDrafts.setState(draftsOf(userId));
});

/** Drafts of this user from the stored texts of an earlier page in this tab. */
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

/** Makes the channel's composer show the message being answered and take the focus. */
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
