import type { OutgoingMessage } from "@miscord/client";
import type { Attachment, Message } from "@miscord/protocol";
import { isVisible } from "@miscord/text";
import { create } from "zustand";
import { client } from "../../core/client.ts";
import { withRoles } from "../../core/role-mentions.ts";
import { forgetShared } from "../../core/shared-cache.ts";
import { createDraftStorage, type StoredDraft } from "./draft-storage.ts";
import { restoredUpload, type Upload } from "./upload.ts";

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

export const useDrafts = create<Drafts>(() => draftsOf(client.store.getState().session.me?.id ?? null));

/** The user whose session the server ended: unlike a logout, that keeps the drafts for the next login. */
let suspendedId: number | null = null;
client.on("session_lost", () => (suspendedId = useDrafts.getState().userId));

client.store.subscribe(({ session }) => {
  const userId = session.me?.id ?? null;
  const { userId: formerId } = useDrafts.getState();
  if (userId === formerId) return;
  if (formerId !== null && formerId !== suspendedId) {
    storage.clear(formerId);
    // What another app has shared is a draft without a channel.
    void forgetShared();
  }
  suspendedId = null;
  useDrafts.setState(draftsOf(userId));
});

/** Drafts of this user that are stored in the browser. */
function draftsOf(userId: number | null): Drafts {
  const stored = userId === null ? [] : [...storage.read(userId)];
  return { userId, drafts: Object.fromEntries(stored.map(([channelId, one]) => [channelId, restored(one)])) };
}

function restored({ text, replyTo, attachments }: StoredDraft): Draft {
  return { ...emptyDraft, text, replyTo, uploads: attachments.map(restoredUpload) };
}

function storedOf({ text, replyTo, uploads }: Draft): StoredDraft {
  return { text, replyTo, attachments: uploads.flatMap(({ attachment }) => attachment ?? []) };
}

/** Uploads that run or failed are not stored: progress, which comes many times a second, stores nothing. */
function isStoredAlike(one: Draft, other: Draft): boolean {
  const [now, then] = [storedOf(one), storedOf(other)];
  const isSameFile = ({ id }: Attachment, index: number) => then.attachments[index]?.id === id;
  const areFilesAlike = now.attachments.length === then.attachments.length && now.attachments.every(isSameFile);
  return now.text === then.text && now.replyTo === then.replyTo && areFilesAlike;
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
  const former = draftOf(channelId);
  const draft = { ...former, isWaiting: false, ...change };
  useDrafts.setState({ drafts: { ...drafts, [channelId]: draft } });
  if (userId !== null && !isStoredAlike(draft, former)) storage.write(userId, channelId, storedOf(draft));
}

/** Makes the channel's composer show the message being answered and take the focus. */
export function startReply(channelId: number, message: Message): void {
  changeDraft(channelId, { replyTo: message });
}

/** Puts a refused message back into the composer, before what was written since, and takes it out of the list. */
export function backToDraft({ channelId, nonce, content, attachments }: OutgoingMessage): void {
  const { text, uploads } = draftOf(channelId);
  changeDraft(channelId, {
    text: [withRoles(content), ...(text === "" ? [] : [text])].join("\n"),
    uploads: [...attachments.map(restoredUpload), ...uploads],
  });
  client.discardMessage(channelId, nonce);
}
