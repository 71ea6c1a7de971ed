import type { Message } from "@miscord/protocol";
import { create } from "zustand";
import { client } from "../../core/client.ts";
import { withRoles } from "../../core/role-mentions.ts";

export interface Edit {
  channelId: number;
  messageId: number;
  /** The text typed so far. Kept outside the row, which is unmounted when it scrolls far away. */
  text: string;
  /** Whether the focus returns to the composer after editing; else it returns to the message. */
  fromComposer: boolean;
}

/** The message being edited; one at a time. */
export const useEditing = create<{ edit: Edit | null }>(() => ({ edit: null }));

export function startEditing(channelId: number, messageId: number, fromComposer = false): void {
  const message = client.store.getState().timelines[channelId]?.messages.find(({ id }) => id === messageId);
  if (message) useEditing.setState({ edit: { channelId, messageId, text: withRoles(message.content), fromComposer } });
}

/** Whether the message is a text of its author's that may be written anew. */
export const isEditable = ({ call, notice, poll, sticker }: Message): boolean => !call && !notice && !poll && !sticker;

/** Starts to edit the newest own message, for arrow-up in an empty composer. False when there is none to edit. */
export function editLastOwn(channelId: number): boolean {
  const { timelines, session } = client.store.getState();
  const own = timelines[channelId]?.messages.findLast((one) => isEditable(one) && one.author.id === session.me?.id);
  if (own) startEditing(channelId, own.id, true);
  return own !== undefined;
}

export function changeEdit(text: string): void {
  useEditing.setState(({ edit }) => ({ edit: edit && { ...edit, text } }));
}

/** Ends editing after a save, unless the user has changed the text meanwhile or edits another message. */
export function endSavedEdit(messageId: number, text: string): void {
  const { edit } = useEditing.getState();
  if (edit?.messageId === messageId && edit.text === text) stopEditing();
}

export function stopEditing(): void {
  useEditing.setState({ edit: null });
}
