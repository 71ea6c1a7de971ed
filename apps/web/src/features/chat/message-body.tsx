import type { Message } from "@miscord/protocol";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useFormat } from "../../i18n/format.ts";
import { AttachmentList } from "../attachments/attachment-list.tsx";
import { Markdown } from "../markdown/markdown.tsx";
import { useChat } from "./chat-context.ts";
import { MessageEditor } from "./message-editor.tsx";
import { ReactionBar } from "./reaction-bar.tsx";

interface MessageBodyProps {
  message: Message;
  isActive: boolean;
  isEditing: boolean;
}

/** A message's text or its editor, attachments and reactions. */
export function MessageBody({ message, isActive, isEditing }: MessageBodyProps) {
  return (
    <>
      {isEditing ? <MessageEditor message={message} /> : <MessageText message={message} />}
      {message.attachments.length > 0 && <AttachmentList attachments={message.attachments} />}
      {message.reactions.some(({ count }) => count > 0) && <ReactionBar message={message} isActive={isActive} />}
    </>
  );
}

function MessageText({ message }: { message: Message }): ReactNode {
  const { content, mentions, mentions_everyone: mentionsEveryone, edited_at: editedAt } = message;
  const { mentionOf } = useChat();
  const mark = editedAt !== null && <EditedMark at={editedAt} />;
  if (content === "") return mark;
  return <Markdown {...{ content, mentionOf, mentions, mentionsEveryone }} trailing={mark} />;
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
