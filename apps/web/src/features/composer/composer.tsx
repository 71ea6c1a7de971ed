import { heldBackIn, heldUntil, isTimedOut } from "@miscord/client";
import type { Message } from "@miscord/protocol";
import {
  type ClipboardEvent,
  type ReactNode,
  type RefObject,
  useCallback,
  useEffect,
  useId,
  useRef,
  useState,
} from "react";
import { useTranslation } from "react-i18next";
import { useShallow } from "zustand/shallow";
import { useClient, useClientState } from "../../core/client.ts";
import { LazyPart } from "../../core/lazy-part.tsx";
import { isUnaskedPage } from "../../core/unasked-navigation.ts";
import { channelName } from "../../core/people.ts";
import { useCan } from "../../core/use-can.ts";
import { lazyWithTexts } from "../../i18n/lazy-with-texts.ts";
import { useFormat } from "../../i18n/format.ts";
import { cx } from "../../ui/cx.ts";
import { useTouch } from "../../ui/use-media-query.ts";
import { editLastOwn } from "./editing.ts";
import { registerComposer } from "./composer-bridge.ts";
import { AttachButton, EndButtons, SendButton } from "./composer-buttons.tsx";
import { ComposerNotes } from "./composer-notes.tsx";
import { changeDraft, type Draft, isEmpty, useDraft } from "./drafts.ts";
import { DropOverlay } from "./drop-overlay.tsx";
import { insertAtCaret } from "./insert-text.ts";
import { focusAtEnd, MessageInput, messageBoxClass } from "./message-input.tsx";
import { pastedFiles } from "./pasted-files.ts";
import { useAddFiles } from "./use-add-files.ts";
import { useRestoredDraft } from "./use-restored-draft.ts";
import { useSend } from "./use-send.ts";
import { useUnseenNotice } from "./use-unseen-notice.ts";
import { useTypeToFocus } from "./use-type-to-focus.ts";

const ReplyBar = lazyWithTexts(async () => (await import("./reply-bar.tsx")).ReplyBar);
const UploadTray = lazyWithTexts(async () => (await import("./upload-tray.tsx")).UploadTray);
const VerificationNotice = lazyWithTexts(
  async () => (await import("../verification/verification-notice.tsx")).VerificationNotice,
);

interface ComposerProps {
  /** Null in a private channel. */
  serverId: number | null;
  channelId: number;
}

/** The composer, or the reason why there is none. Unsent words are kept meanwhile. */
export function Composer(props: ComposerProps) {
  const { t } = useTranslation(["rights", "moderation", "people"]);
  const format = useFormat();
  const until = useClientState((state) => {
    const server = state.servers[props.serverId ?? 0];
    const end = server ? heldUntil(server) : null;
    return isTimedOut({ timed_out_until: end }) ? end : null;
  });
  const ownEnd = useClientState((state) => state.servers[props.serverId ?? 0]?.timed_out_until);
  const canWrite = useCan(props.serverId, "sendMessages", props.channelId);
  const held = useClientState(useShallow((state) => heldBackIn(state, props.serverId)));
  useUnseenNotice(props.serverId, props.channelId);
  if (canWrite && held && props.serverId !== null)
    return (
      <LazyPart>
        <VerificationNotice serverId={props.serverId} held={held} />
      </LazyPart>
    );
  if (canWrite) return <WritableComposer {...props} />;
  return (
    <p role="status" className="px-4 pb-4 text-center text-sm text-muted">
      {until
        ? t(until === ownEnd ? "moderation:timeOut.own" : "moderation:raid.own", { when: format.dateTime(until) })
        : props.serverId === null
          ? t("people:cannotWrite")
          : t("refused.send")}
    </p>
  );
}

/** Field, reply bar, uploads and buttons. */
function WritableComposer({ serverId, channelId }: ComposerProps) {
  const label = useLabel({ serverId, channelId });
  const draft = useDraft(channelId);
  const area = useRef<HTMLTextAreaElement>(null);
  const notesId = useId();
  const addFiles = useAddFiles(channelId);
  const { send, sendAsFile, isTooLong, isRefused, waitS } = useSend({ serverId, channelId, area, addFiles });
  // No autofocus on touch screens: the keyboard would cover half of the conversation.
  const isTouch = useTouch();
  const insert = useInsert(serverId ?? 0, area);
  useTypeToFocus(area, addFiles);
  useReplyFocus(area, draft.replyTo);
  useRestoredDraft(channelId);
  const [recorder, setRecorder] = useState<ReactNode>(null);
  const { change, paste } = useEdits(channelId, addFiles);

  return (
    // As wide as the messages above.
    <div className="w-full max-w-237 shrink-0 px-3 pb-[max(0.75rem,env(safe-area-inset-bottom))] md:px-4">
      <DropOverlay onDrop={addFiles} />
      <Above channelId={channelId} draft={draft} />
      <div
        className={cx(
          messageBoxClass,
          "flex items-end gap-0.5 px-1",
          isTooLong && "border-danger! focus-within:border-danger!",
          (draft.replyTo || draft.uploads.length > 0) && "rounded-t-none",
        )}
      >
        {recorder ?? (
          <>
            <AttachButton serverId={serverId} channelId={channelId} onPick={addFiles} />
            <MessageInput
              ref={area}
              serverId={serverId}
              channelId={channelId}
              label={label}
              value={draft.text}
              onChange={change}
              onSubmit={send}
              onCancel={draft.replyTo ? () => changeDraft(channelId, { replyTo: null }) : undefined}
              onArrowUp={() => editLastOwn(channelId)}
              onPaste={paste}
              autoFocus={!isTouch && !isUnaskedPage()}
              describedBy={notesId}
              isInvalid={isTooLong}
              // Files and text together leave room for the newest message.
              className={cx("px-1", draft.uploads.length > 0 && "[--field-most:24dvh]")}
            />
            <EndButtons
              {...{ serverId, channelId }}
              canRecord={isEmpty(draft) && waitS === 0}
              onRecorder={setRecorder}
              onEmoji={insert}
              sendButton={<SendButton onSend={send} isDisabled={isTooLong || isEmpty(draft) || waitS > 0} />}
            />
          </>
        )}
      </div>
      <ComposerNotes id={notesId} draft={draft} isRefused={isRefused} waitS={waitS} onSendAsFile={sendAsFile} />
    </div>
  );
}

/** What the user types and pastes goes into the draft. */
function useEdits(channelId: number, addFiles: (files: readonly File[]) => boolean) {
  const client = useClient();
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

  return { change, paste };
}

/** Accessible name of the field, which says to whom one writes. */
function useLabel({ serverId, channelId }: ComposerProps): string {
  const { t } = useTranslation(["chat", "people"]);
  const name = useClientState((state) => channelName(state, channelId));
  return serverId === null ? t("people:composer", { name }) : t("composer.label", { channel: name });
}

/** Inserts text at the caret, for this composer's buttons and for other parts of the page. */
function useInsert(serverId: number, area: RefObject<HTMLTextAreaElement | null>): (text: string) => void {
  const insert = useCallback((text: string) => area.current && insertAtCaret(area.current, text), [area]);
  useEffect(() => registerComposer(serverId, insert), [serverId, insert]);
  return insert;
}

/** Moves the focus to the field when the user starts a reply. */
function useReplyFocus(area: RefObject<HTMLTextAreaElement | null>, replyTo: Message | null): void {
  useEffect(() => {
    if (replyTo) focusAtEnd(area.current);
  }, [area, replyTo]);
}

/** The message that is answered, and files. */
function Above({ channelId, draft: { replyTo, uploads } }: { channelId: number; draft: Draft }) {
  return (
    <LazyPart>
      {replyTo && <ReplyBar channelId={channelId} message={replyTo} />}
      {uploads.length > 0 && <UploadTray channelId={channelId} uploads={uploads} isJoined={replyTo !== null} />}
    </LazyPart>
  );
}
