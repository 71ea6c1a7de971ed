import type { Message, User } from "@miscord/protocol";
import { type FocusEvent, memo, useEffect, useState } from "react";
import { useClientState } from "../../core/client.ts";
import { openCard } from "../../core/dialog-store.ts";
import { LazyPart } from "../../core/lazy-part.tsx";
import { lazyWithTexts } from "../../i18n/lazy-with-texts.ts";
import { useFormat } from "../../i18n/format.ts";
import { Avatar } from "../../ui/avatar.tsx";
import { cx } from "../../ui/cx.ts";
import { ProgramMark } from "../../ui/program-mark.tsx";
import { AuthorButton } from "./author-button.tsx";
import { useChat } from "./chat-context.ts";
import { HiddenRow } from "./hidden-row.tsx";
import { MessageBody } from "./message-body.tsx";
import { useMessagePrompts } from "./message-prompts.ts";
import { MessageToolbar } from "./message-toolbar.tsx";
import { ReplyPreview } from "./reply-preview.tsx";
import { Separator } from "./separators.tsx";
import { claimToolbar, releaseToolbar, toolbarOwner, useToolbarOwner } from "./toolbar-owner.ts";
import { useNamed } from "./use-named.ts";
import { useMessageLabel } from "./use-message-label.ts";

const SelectionMark = lazyWithTexts(async () => (await import("./selection/selection-mark.tsx")).SelectionMark);

const focusReturnMs = 100;

export interface MessageRowProps {
  message: Message;
  startsGroup: boolean;
  startsDay: boolean;
  line: "new" | "left" | null;
  /** Whether this row is the one in the tab order. */
  isActive: boolean;
  isEditing: boolean;
  /** Whether the user has just jumped to this message. */
  isHighlighted: boolean;
}

/** A message with its separators. Memoised: renders again only when a prop changes. */
export const MessageRow = memo(function MessageRow(props: MessageRowProps) {
  const { startsGroup, startsDay, line, isActive, isEditing, isHighlighted } = props;
  const message = useNamed(props.message);
  const { meId, isBlocked, roleOf } = useChat();
  const [isRevealed, setRevealed] = useState(false);
  const isSelecting = useMessagePrompts(({ selection }) => selection?.channelId === message.channel_id);
  const label = useMessageLabel(message);
  const { isToolbarShown, handlers, hold } = useToolbarVisibility(message.id);
  const isSeparated = startsDay || line !== null;
  const { mentions, mentions_everyone, mentions_here, mention_roles } = message;
  const callsGroup = mentions_everyone || mentions_here || mention_roles?.some((id) => roleOf(id)?.isMe);
  const callsMe = message.author.id !== meId && (callsGroup || mentions.includes(meId));
  const separator = isSeparated && <Separator day={startsDay ? message.timestamp : null} isNew={line === "new"} />;
  if (isBlocked(message.author.id) && !isRevealed) {
    return (
      <>
        {separator}
        <HiddenRow messageId={message.id} isActive={isActive} onReveal={() => setRevealed(true)} />
      </>
    );
  }
  return (
    <>
      {separator}
      <article
        data-message={message.id}
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- arrow keys move between messages
        tabIndex={isActive ? 0 : -1}
        // The line of a call or a pin is read as it is.
        aria-label={(message.call ?? message.notice) ? undefined : label}
        {...handlers}
        className={cx(
          "focus-inset group/row relative flex gap-3 py-0.5 pl-4 pr-4 md:pr-12",
          startsGroup && !isSeparated && "mt-3",
          callsMe ? "bg-accent-soft shadow-[inset_2px_0_var(--mark)]" : (isToolbarShown || isEditing) && "bg-hover",
          isHighlighted && "animate-flash",
        )}
      >
        {isSelecting && (
          <LazyPart>
            <SelectionMark message={message} isActive={isActive} />
          </LazyPart>
        )}
        <Gutter message={message} startsGroup={startsGroup} />
        <div className="min-w-0 max-w-216 flex-1">
          {message.reply_to && !isBlocked(message.reply_to.author.id) && (
            <ReplyPreview original={message.reply_to} isActive={isActive} />
          )}
          {startsGroup && <Heading message={message} isActive={isActive} />}
          <MessageBody message={message} isActive={isActive} isEditing={isEditing} />
        </div>
        {isToolbarShown && !isEditing && !isSelecting && (
          <div className="pointer-events-none absolute inset-y-0 left-0 z-10 flex w-full max-w-256 items-start justify-end pr-3">
            <MessageToolbar message={message} onHold={hold} />
          </div>
        )}
      </article>
    </>
  );
});

/** For the pointer: the keyboard has the name beside it. */
function Face({ author, className }: { author: User; className: string }) {
  const { serverId } = useChat();
  const isKnown = useClientState((state) => serverId === null || state.members[serverId]?.[author.id] !== undefined);
  const face = <Avatar user={author} size={40} className={className} />;
  const isSelecting = useMessagePrompts(({ selection }) => selection !== null);
  if (!isKnown || isSelecting || author.is_webhook || author.is_deleted) return face;
  return (
    <button type="button" aria-hidden tabIndex={-1} onClick={() => openCard(serverId, author)}>
      {face}
    </button>
  );
}

/** The left column: the author's avatar, or in later rows of a group the time, shown on hover. */
function Gutter({
  message: { author, timestamp, reply_to },
  startsGroup,
}: Pick<MessageRowProps, "message" | "startsGroup">) {
  const format = useFormat();
  return (
    <div className="w-10 shrink-0 select-none">
      {startsGroup ? (
        <Face author={author} className={cx("mt-0.5", reply_to && "mt-6!")} />
      ) : (
        <time
          dateTime={timestamp}
          className="invisible block text-right text-2xs leading-[1.375rem] whitespace-nowrap text-faint group-focus-within/row:visible group-hover/row:visible"
        >
          {format.time(timestamp)}
        </time>
      )}
    </div>
  );
}

function Heading({ message, isActive }: { message: Message; isActive: boolean }) {
  const { author, timestamp } = message;
  const format = useFormat();
  return (
    <div className="flex min-w-0 items-baseline gap-2">
      <AuthorButton message={message} isActive={isActive} />
      <ProgramMark user={author} />
      <time dateTime={timestamp} title={format.dateTime(timestamp)} className="shrink-0 text-xs text-faint">
        {format.time(timestamp)}
      </time>
    </div>
  );
}

/**
 * Whether to show the toolbar: while the pointer is over the row, after focus by keyboard or touch, or while one of its
 * menus is open. One message has it at a time.
 */
function useToolbarVisibility(messageId: number) {
  const isToolbarShown = useToolbarOwner((state) => toolbarOwner(state) === messageId);
  const isReacting = useMessagePrompts((prompts) => prompts.reactingTo === messageId);
  useEffect(() => {
    if (!isReacting) return undefined;
    claimToolbar("held", messageId);
    return () => releaseToolbar(messageId, "held");
  }, [isReacting, messageId]);
  // A row that scrolls away or is deleted fires no event.
  useEffect(() => () => releaseToolbar(messageId), [messageId]);
  // The toolbar stays mounted until a closed menu has returned the focus to its button.
  const hold = (held: boolean) =>
    void setTimeout(
      () => (held ? claimToolbar("held", messageId) : releaseToolbar(messageId, "held")),
      held ? 0 : focusReturnMs,
    );
  const handlers = {
    // Scrolling by keyboard moves rows below a pointer that rests: only a pointer that moves takes the toolbar over.
    onPointerEnter: () => useToolbarOwner.getState().focused === null && claimToolbar("pointed", messageId),
    onPointerMove: () => claimToolbar("pointed", messageId),
    onPointerLeave: () => releaseToolbar(messageId, "pointed"),
    // A mouse click does not count, or clicks would leave toolbars behind.
    onFocus: ({ target }: FocusEvent) => {
      if (target.matches(":focus-visible") || isTouch()) claimToolbar("focused", messageId);
    },
    onBlur: ({ currentTarget, relatedTarget }: FocusEvent) => {
      if (!currentTarget.contains(relatedTarget)) releaseToolbar(messageId, "focused");
    },
  };
  return { isToolbarShown, handlers, hold };
}

function isTouch(): boolean {
  return matchMedia("(hover: none)").matches;
}
