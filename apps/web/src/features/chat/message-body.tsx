import type { Message } from "@miscord/protocol";
import { MessagesSquare } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { useClientState } from "../../core/client.ts";
import { LazyPart } from "../../core/lazy-part.tsx";
import { lazyWithTexts } from "../../i18n/lazy-with-texts.ts";
import { paths } from "../../core/paths.ts";
import { useOpenThread } from "../../core/use-open-thread.ts";
import { showsUnread } from "../../core/unread.ts";
import { cx } from "../../ui/cx.ts";
import { useFormat } from "../../i18n/format.ts";
import { Attachments } from "../attachments/attachments.tsx";
import { Markdown } from "../markdown/markdown.tsx";
import { useChat } from "./chat-context.ts";
import { MessageEditor } from "./message-editor.tsx";
import { ReactionBar } from "./reaction-bar.tsx";
import { MessageSticker } from "./message-sticker.tsx";

const FilesRemoved = lazyWithTexts(async () => (await import("../retention/files-removed.tsx")).FilesRemoved);
const CallLine = lazyWithTexts(async () => (await import("./call-line.tsx")).CallLine);
const EmbedList = lazyWithTexts(async () => (await import("../embeds/embed-list.tsx")).EmbedList);
const MessageExtras = lazyWithTexts(async () => (await import("./tools/message-extras.tsx")).MessageExtras);

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
      {message.embeds && <Embeds message={message} />}
      {(message.forwarded ?? message.poll) && (
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
      {message.thread && <ThreadChip message={message} thread={message.thread} isActive={isActive} />}
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

interface ThreadChipProps {
  message: Message;
  thread: NonNullable<Message["thread"]>;
  isActive: boolean;
}

/** The way to the thread that was started from the message. */
function ThreadChip({ message: { server_id }, thread: { id, name }, isActive }: ThreadChipProps) {
  const { t } = useTranslation("chat");
  const isUnread = useClientState((state) => showsUnread(state, id));
  const open = useOpenThread();
  return (
    <Link
      href={paths.channelOf({ id, server_id })}
      onClick={(event) => open(event, { id, server_id })}
      tabIndex={isActive ? 0 : -1}
      className={cx(
        "mt-1 flex w-fit max-w-full items-center gap-1.5 rounded-md bg-sunken px-2 py-1 text-sm text-link hover:bg-hover",
        isUnread && "font-semibold",
      )}
    >
      <MessagesSquare size={14} aria-hidden className="shrink-0" />
      <span dir="auto" className="truncate">
        {t("thread", { name })}
      </span>
    </Link>
  );
}

function MessageText({ message }: { message: Message }): ReactNode {
  const { content, mentions, mentions_everyone: mentionsEveryone, edited_at: editedAt } = message;
  const { mention_roles: mentionRoles, mentions_here: mentionsHere } = message;
  const { mentionOf, roleOf } = useChat();
  if (message.call) {
    return (
      <LazyPart loading={<span className="block h-5.5" />}>
        <CallLine message={message} />
      </LazyPart>
    );
  }
  if (message.sticker) return <MessageSticker sticker={message.sticker} />;
  const mark = editedAt !== null && <EditedMark at={editedAt} />;
  if (content === "") return mark;
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
