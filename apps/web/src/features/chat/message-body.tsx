import type { Message } from "@miscord/protocol";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { LazyPart } from "../../core/lazy-part.tsx";
import { lazyWithTexts } from "../../i18n/lazy-with-texts.ts";
import { useFormat } from "../../i18n/format.ts";
import { Attachments } from "../attachments/attachments.tsx";
import { Markdown } from "../markdown/markdown.tsx";
import { useChat } from "./chat-context.ts";
import { ReactionBar } from "./reaction-bar.tsx";

const MessageEditor = lazyWithTexts(async () => (await import("./message-editor.tsx")).MessageEditor);
const FilesRemoved = lazyWithTexts(async () => (await import("../retention/files-removed.tsx")).FilesRemoved);
const HistoryLine = lazyWithTexts(async () => (await import("./history-line.tsx")).HistoryLine);
const ThreadChip = lazyWithTexts(async () => (await import("./thread-chip.tsx")).ThreadChip);
const EmbedList = lazyWithTexts(async () => (await import("../embeds/embed-list.tsx")).EmbedList);
export const MessageExtras = lazyWithTexts(async () => (await import("./tools/message-extras.tsx")).MessageExtras);

interface MessageBodyProps {
  message: Message;
  isActive: boolean;
  isEditing: boolean;
}

/** A message's text or its editor, attachments and reactions. */
export function MessageBody({ message, isActive, isEditing }: MessageBodyProps) {
  const text = <MessageText message={message} />;
  return (
    <>
      {isEditing ? (
        <LazyPart loading={text}>
          <MessageEditor message={message} />
        </LazyPart>
      ) : (
        text
      )}
      {message.embeds && <Embeds message={message} />}
      {(message.forwarded ?? message.poll ?? message.sticker ?? message.content.includes(location.host)) && (
        <LazyPart>
          <MessageExtras message={message} isActive={isActive} />
        </LazyPart>
      )}
      {message.attachments.length > 0 && <Attachments attachments={message.attachments} />}
      {message.files_removed !== undefined && (
        <LazyPart failed={null}>
          <FilesRemoved count={message.files_removed} />
        </LazyPart>
      )}
      {message.reactions.some(({ count }) => count > 0) && <ReactionBar message={message} isActive={isActive} />}
      {message.thread && (
        <LazyPart loading={<span className="block h-8" />}>
          <ThreadChip message={message} thread={message.thread} isActive={isActive} />
        </LazyPart>
      )}
    </>
  );
}

function Embeds({ message }: { message: Message }) {
  const { mentionOf, roleOf, meId, canManage } = useChat();
  return (
    <LazyPart>
      <EmbedList {...{ message, mentionOf, roleOf }} mayRemove={canManage || message.author.id === meId} />
    </LazyPart>
  );
}

function MessageText({ message }: { message: Message }): ReactNode {
  const { content, mentions, mentions_everyone: mentionsEveryone, edited_at: editedAt } = message;
  const { mention_roles: mentionRoles, mentions_here: mentionsHere } = message;
  const { mentionOf, roleOf } = useChat();
  if (message.call ?? message.notice) {
    return (
      <LazyPart loading={<span className="block h-5.5" />}>
        <HistoryLine message={message} />
      </LazyPart>
    );
  }
  const mark = editedAt !== null && <EditedMark at={editedAt} />;
  if (content === "" || message.sticker) return mark;
  return (
    <Markdown
      {...{ content, mentionOf, roleOf, mentions, mentionsEveryone, mentionsHere, mentionRoles }}
      trailing={mark}
    />
  );
}

function EditedMark({ at }: { at: string }) {
  const { t } = useTranslation("chat");
  const format = useFormat();
  return (
    <time
      dateTime={at}
      title={t("message.editedAt", { time: format.dateTime(at) })}
      className="ml-1 text-2xs text-faint select-none"
    >
      {t("message.edited")}
    </time>
  );
}
