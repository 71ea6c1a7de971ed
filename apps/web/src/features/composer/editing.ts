import { create } from "zustand";
import { client } from "../../core/client.ts";

export interface Edit {
  channelId: number;
  messageId: number;
  /** What was typed so far. Kept here, since a row that scrolls far away is not kept. */
  text: string;
  /** Where the focus goes back to; else to the message. */
  fromComposer: boolean;
}

/** The message that is being edited. One at a time. */
export const useEditing = create<{ edit: Edit | null }>(() => ({ edit: null }));

export function startEditing(channelId: number, messageId: number, fromComposer = false): void {
  const message = client.store.getState().timelines[channelId]?.messages.find(({ id }) => id === messageId);
  if (message) useEditing.setState({ edit: { channelId, messageId, text: message.content, fromComposer } });
}

/** For arrow-up in an empty composer. False when nothing of one's own is there to edit. */
export function editLastOwn(channelId: number): boolean {
  const { timelines, session } = client.store.getState();
  const own = timelines[channelId]?.messages.findLast(({ author }) => author.id === session.me?.id);
  if (own) startEditing(channelId, own.id, true);
  return own !== undefined;
}

export function changeEdit(text: string): void {
  useEditing.setState(({ edit }) => ({ edit: edit && { ...edit, text } }));
}

/** Its text has been saved. Whoever has written on meanwhile, or gone on to another message, is not interrupted. */
export function endSavedEdit(messageId: number, text: string): void {
  const { edit } = useEditing.getState();
  if (edit?.messageId === messageId && edit.text === text) stopEditing();
}

export function stopEditing(): void {
  useEditing.setState({ edit: null });
}
