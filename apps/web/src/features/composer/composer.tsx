import { limits } from "@miscord/protocol";
import { type ClipboardEvent, useCallback, useEffect, useId, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useClient, useClientState } from "../../core/client.ts";
import { useDescribeError } from "../../core/describe-error.ts";
import { cx } from "../../ui/cx.ts";
import { useToast } from "../../ui/toast.tsx";
import { useTouch } from "../../ui/use-media-query.ts";
import { editLastOwn } from "./editing.ts";
import { registerComposer } from "./composer-bridge.ts";
import { AttachButton, EmojiButton, SendButton } from "./composer-buttons.tsx";
import { ComposerNotes } from "./composer-notes.tsx";
import { changeDraft, useDraft } from "./drafts.ts";
import { DropOverlay } from "./drop-overlay.tsx";
import { insertAtCaret } from "./insert-text.ts";
import { focusAtEnd, MessageInput, messageBoxClass } from "./message-input.tsx";
import { pastedFiles } from "./pasted-files.ts";
import { ReplyBar } from "./reply-bar.tsx";
import { sendDraft } from "./send-draft.ts";
import { UploadTray } from "./upload-tray.tsx";
import { useAddFiles } from "./use-add-files.ts";
import { useTypeToFocus } from "./use-type-to-focus.ts";

/** The composer: field, reply bar, uploads and buttons. */
export function Composer({ serverId, channelId }: { serverId: number; channelId: number }) {
  const { t } = useTranslation("chat");
  const client = useClient();
  const name = useClientState((state) => state.channels[channelId]?.name ?? "");
  const draft = useDraft(channelId);
  const area = useRef<HTMLTextAreaElement>(null);
  const notesId = useId();
  const send = useSend(channelId);
  const addFiles = useAddFiles(channelId);
  // No autofocus on touch screens: the keyboard would cover half of the conversation.
  const isTouch = useTouch();
  const insert = useCallback((text: string) => area.current && insertAtCaret(area.current, text), []);
  useEffect(() => registerComposer(insert), [insert]);
  useTypeToFocus(area, addFiles);
  useEffect(() => {
    if (draft.replyTo) focusAtEnd(area.current);
  }, [draft.replyTo]);

  function change(text: string): void {
    changeDraft(channelId, { text });
    if (text !== "") client.sendTyping(channelId);
  }

  function paste(event: ClipboardEvent): void {
    const files = pastedFiles(event.clipboardData);
    if (files.length === 0) return;
    event.preventDefault();
    addFiles(files);
  }

  return (
    <div className="shrink-0 px-3 pb-[max(0.75rem,env(safe-area-inset-bottom))] md:px-4">
      <DropOverlay onDrop={addFiles} />
      {draft.replyTo && <ReplyBar channelId={channelId} message={draft.replyTo} />}
      <UploadTray channelId={channelId} uploads={draft.uploads} isJoined={draft.replyTo !== null} />
      <div
        className={cx(
          messageBoxClass,
          "flex items-end gap-0.5 px-1",
          (draft.replyTo || draft.uploads.length > 0) && "rounded-t-none",
        )}
      >
        <AttachButton onPick={addFiles} />
        <MessageInput
          ref={area}
          serverId={serverId}
          label={t("composer.label", { channel: name })}
          value={draft.text}
          onChange={change}
          onSubmit={send}
          onCancel={draft.replyTo ? () => changeDraft(channelId, { replyTo: null }) : undefined}
          onArrowUp={() => editLastOwn(channelId)}
          onPaste={paste}
          autoFocus={!isTouch}
          describedBy={notesId}
          className="px-1"
        />
        <EmojiButton onPick={insert} />
        <SendButton onSend={send} isTooLong={draft.text.trim().length > limits.messageLength} />
      </div>
      <ComposerNotes id={notesId} draft={draft} />
    </div>
  );
}

function useSend(channelId: number): () => void {
  const client = useClient();
  const toast = useToast();
  const describe = useDescribeError();
  return () => {
    try {
      sendDraft(client, channelId);
    } catch (error) {
      toast({ title: describe(error), tone: "danger" });
    }
  };
}
