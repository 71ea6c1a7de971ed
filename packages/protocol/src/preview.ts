import { previewOf } from "@miscord/text";
import { contentWithEmbeds } from "./embed-text.ts";
import { limits } from "./limits.ts";
import type { Attachment } from "./attachments.ts";
import type { Message, ReplyPreview } from "./model.ts";

/** The beginning of a message's text without marks and with its spoilers covered, as both sides show it. */
export function previewText(content: string): string {
  return previewOf(content, limits.replyPreviewLength);
}

/** What replies show of the message as it now stands: an edit or a deletion changes them all. */
export function replyPreviewOf(message: Message): ReplyPreview {
  const { id, is_deleted, author } = message;
  return {
    id,
    content: is_deleted ? "" : previewText(message.content || contentWithEmbeds(message)),
    is_deleted,
    author,
    ...(is_deleted ? {} : voiceLengthOf(message)),
  };
}

/** A length as a clock shows it, such as 0:12, or 1:04:05. */
export function clockText(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1_000);
  const minutes = Math.floor(seconds / 60);
  const two = (value: number) => String(value % 60).padStart(2, "0");
  return `${minutes < 60 ? minutes : `${Math.floor(minutes / 60)}:${two(minutes)}`}:${two(seconds)}`;
}

/** A file with its length and wave form. */
export type VoiceMessage = Attachment & { duration_ms: number; waveform: string };

export function isVoice(file: Attachment): file is VoiceMessage {
  return file.duration_ms !== undefined && file.waveform !== undefined;
}

/** What previews say of a message that has a voice message. */
export function voiceLengthOf({ attachments }: { attachments: readonly Attachment[] }): { voice_ms?: number } {
  const voice = attachments.find(isVoice);
  return voice ? { voice_ms: voice.duration_ms } : {};
}
