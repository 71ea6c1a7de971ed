import type { Message } from "@miscord/protocol";
import { type FocusEvent, memo, useState } from "react";
import { useFormat } from "../../i18n/format.ts";
import { Avatar } from "../../ui/avatar.tsx";
import { cx } from "../../ui/cx.ts";
import { AuthorButton } from "./author-button.tsx";
import { useChat } from "./chat-context.ts";
import { MessageBody } from "./message-body.tsx";
import { useMessagePrompts } from "./message-prompts.ts";
import { MessageToolbar } from "./message-toolbar.tsx";
import { ReplyPreview } from "./reply-preview.tsx";
import { Separator } from "./separators.tsx";
import { useMessageLabel } from "./use-message-label.ts";

const focusReturnMs = 100;

export interface MessageRowProps {
  message: Message;
  startsGroup: boolean;
  startsDay: boolean;
  line: "new" | "left" | null;
  /** The one row that Tab leads to. */
  isActive: boolean;
  isEditing: boolean;
  /** Somebody has just jumped here. */
  isHighlighted: boolean;
}

/** One message with what stands above it. Renders again only when one of these changes. */
export const MessageRow = memo(function MessageRow(props: MessageRowProps) {
  const { message, startsGroup, startsDay, line, isActive, isEditing, isHighlighted } = props;
  const { meId } = useChat();
  const label = useMessageLabel(message);
  const { isNear, nearness, hold } = useNearness(message.id);
  const isSeparated = startsDay || line !== null;
  const callsMe = message.author.id !== meId && (message.mentions.includes(meId) || message.mentions_everyone);
  return (
    <>
      {isSeparated && <Separator day={startsDay ? message.timestamp : null} isNew={line === "new"} />}
      <article
        data-message={message.id}
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- one walks through messages with arrow keys
        tabIndex={isActive ? 0 : -1}
        aria-label={label}
        {...nearness}
        className={cx(
          "focus-inset group/row relative flex gap-3 py-0.5 pl-4 pr-4 md:pr-12",
          startsGroup && !isSeparated && "mt-3",
          callsMe ? "bg-accent-soft shadow-[inset_2px_0_var(--mark)]" : (isNear || isEditing) && "bg-hover",
          isHighlighted && "animate-flash",
        )}
      >
        <Gutter message={message} startsGroup={startsGroup} />
        <div className="min-w-0 flex-1">
          {message.reply_to && <ReplyPreview original={message.reply_to} isActive={isActive} />}
          {startsGroup && <Heading message={message} isActive={isActive} />}
          <MessageBody message={message} isActive={isActive} isEditing={isEditing} />
        </div>
        {isNear && !isEditing && (
          <div className="pointer-events-none absolute inset-y-0 right-3 z-10">
            <MessageToolbar message={message} onHold={hold} />
          </div>
        )}
      </article>
    </>
  );
});

/** Who speaks, or when the line was said for whoever points at it. */
function Gutter({
  message: { author, timestamp, reply_to },
  startsGroup,
}: Pick<MessageRowProps, "message" | "startsGroup">) {
  const format = useFormat();
  return (
    <div className="w-10 shrink-0 select-none">
      {startsGroup ? (
        <Avatar user={author} size={40} className={cx("mt-0.5", reply_to && "mt-6!")} />
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

function Heading({ message: { author, timestamp }, isActive }: { message: Message; isActive: boolean }) {
  const format = useFormat();
  return (
    <div className="flex min-w-0 items-baseline gap-2">
      <AuthorButton author={author} isActive={isActive} />
      <time dateTime={timestamp} title={format.dateTime(timestamp)} className="shrink-0 text-xs text-faint">
        {format.time(timestamp)}
      </time>
    </div>
  );
}

/** The toolbar shows for whoever points at the row or has come to it by keyboard or touch, and while one of its menus is open. */
function useNearness(messageId: number) {
  const [isPointed, setPointed] = useState(false);
  const [hasFocus, setFocus] = useState(false);
  const [isHeld, setHeld] = useState(false);
  // The focus comes back from what was open to the button that opened it, which therefore has to be there.
  const hold = (held: boolean) => void setTimeout(() => setHeld(held), held ? 0 : focusReturnMs);
  const isReacting = useMessagePrompts((prompts) => prompts.reactingTo === messageId);
  const nearness = {
    onPointerEnter: () => setPointed(true),
    onPointerLeave: () => setPointed(false),
    // Not by a click: that would leave toolbars behind wherever one clicks.
    onFocus: ({ target }: FocusEvent) => {
      const isMeant = target.matches(":focus-visible") || isTouch();
      // From the row on to its buttons: not every browser draws a ring around what a script focuses.
      setFocus((has) => has || isMeant);
    },
    onBlur: ({ currentTarget, relatedTarget }: FocusEvent) =>
      setFocus((has) => has && currentTarget.contains(relatedTarget)),
  };
  return { isNear: isPointed || hasFocus || isHeld || isReacting, nearness, hold };
}

function isTouch(): boolean {
  return matchMedia("(hover: none)").matches;
}
