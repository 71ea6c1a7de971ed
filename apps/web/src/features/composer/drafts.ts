import type { Message } from "@miscord/protocol";
import { isVisible } from "@miscord/text";
import { create } from "zustand";
import { client } from "../../core/client.ts";
import { createDraftStorage } from "./draft-storage.ts";
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

const storage = createDraftStorage(() => localStorage);

const useDrafts = create<Drafts>(() => draftsOf(client.store.getState().session.me?.id ?? null));

/** The user whose session the server ended: unlike a logout, that keeps the drafts for the next login. */
let suspendedId: number | null = null;
client.on("session_lost", () => (suspendedId = useDrafts.getState().userId));

client.store.subscribe(({ session }) => {
  const userId = session.me?.id ?? null;
  const { userId: formerId } = useDrafts.getState();
  if (userId === formerId) return;
  if (formerId !== null && formerId !== suspendedId) storage.clear(formerId);
  suspendedId = null;
  useDrafts.setState(draftsOf(userId));
});

/** Drafts of this user from the texts that are stored in the browser. */
function draftsOf(userId: number | null): Drafts {
  const texts = userId === null ? [] : [...storage.read(userId)];
  return { userId, drafts: Object.fromEntries(texts.map(([channelId, text]) => [channelId, { ...emptyDraft, text }])) };
}

export function draftOf(channelId: number): Draft {
  return useDrafts.getState().drafts[channelId] ?? emptyDraft;
}

export function useDraft(channelId: number): Draft {
  return useDrafts(({ drafts }) => drafts[channelId] ?? emptyDraft);
}

/** Whether text was written and not sent. Unlike `useDraft`, does not render again at every letter. */
export function useHasDraft(channelId: number): boolean {
  return useDrafts(({ drafts }) => (drafts[channelId]?.text ?? "") !== "");
}

/** Whether there is nothing to send. */
export function isEmpty({ text, uploads }: Draft): boolean {
  return !isVisible(text) && uploads.length === 0;
}

export function changeDraft(channelId: number, change: Partial<Draft>): void {
  const { userId, drafts } = useDrafts.getState();
  const draft = { ...draftOf(channelId), isWaiting: false, ...change };
  useDrafts.setState({ drafts: { ...drafts, [channelId]: draft } });
  if (userId !== null && change.text !== undefined) storage.write(userId, channelId, change.text);
}

/** Makes the channel's composer show the message being answered and take the focus. */
export function startReply(channelId: number, message: Message): void {
  changeDraft(channelId, { replyTo: message });
}
