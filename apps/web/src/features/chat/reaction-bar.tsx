import type { Message, Reaction } from "@miscord/protocol";
import { withEmojiNames } from "@miscord/text";
import { SmilePlus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useFormat } from "../../i18n/format.ts";
import { cx } from "../../ui/cx.ts";
import { IconButton } from "../../ui/icon-button.tsx";
import { Tooltip } from "../../ui/tooltip.tsx";
import { EmojiGlyph } from "../emoji/emoji-glyph.tsx";
import { EmojiPopover } from "../emoji/emoji-popover.tsx";
import { useChat } from "./chat-context.ts";

/** The reactions below a message. Only the active row puts its buttons in the tab order. */
export function ReactionBar({ message, isActive }: { message: Message; isActive: boolean }) {
  const { t } = useTranslation("chat");
  const { serverId, channelId, canReact, actions, isBlocked } = useChat();
  const [isPicking, setPicking] = useState(false);
  const tabIndex = isActive ? 0 : -1;
  return (
    <div className="mt-1 flex flex-wrap items-center gap-1">
      {message.reactions
        .map((reaction) => withoutBlocked(reaction, isBlocked))
        .map(
          (reaction) =>
            reaction.count > 0 && (
              <ReactionChip key={reaction.emoji} messageId={message.id} reaction={reaction} tabIndex={tabIndex} />
            ),
        )}
      {canReact && (
        <EmojiPopover
          open={isPicking}
          onOpenChange={setPicking}
          {...{ serverId, channelId }}
          onPick={(emoji) => actions.react(message.id, emoji, true)}
          trigger={
            <IconButton
              size="xs"
              label={t("action.react")}
              icon={<SmilePlus size={15} />}
              tabIndex={tabIndex}
              className="opacity-0 group-focus-within/row:opacity-100 group-hover/row:opacity-100 focus-visible:opacity-100 data-[state=open]:opacity-100 pointer-coarse:opacity-100"
            />
          }
        />
      )}
    </div>
  );
}

function withoutBlocked(reaction: Reaction, isBlocked: (userId: number) => boolean): Reaction {
  const hidden = reaction.user_ids.filter(isBlocked).length;
  if (hidden === 0) return reaction;
  return { ...reaction, count: reaction.count - hidden, user_ids: reaction.user_ids.filter((id) => !isBlocked(id)) };
}

interface ReactionChipProps {
  messageId: number;
  reaction: Reaction;
  tabIndex: number;
}

function ReactionChip({ messageId, reaction: { emoji, count, user_ids }, tabIndex }: ReactionChipProps) {
  const { t } = useTranslation("chat");
  const { meId, canReact, actions } = useChat();
  const isMine = user_ids.includes(meId);
  const text = useReactionText({ emoji, count, user_ids });
  return (
    <Tooltip label={text}>
      <button
        type="button"
        aria-pressed={isMine}
        disabled={!canReact}
        aria-label={t("reaction.count", { emoji: withEmojiNames(emoji), count })}
        tabIndex={tabIndex}
        onClick={() => actions.react(messageId, emoji, !isMine)}
        className={cx(
          "inline-flex h-6 items-center gap-1.5 rounded-md border px-1.5 text-xs font-medium tabular-nums transition-colors select-none",
          isMine
            ? "border-mark bg-accent-soft text-link hover:bg-active"
            : "border-transparent bg-active text-muted hover:border-line-strong hover:text-ink",
        )}
      >
        <span className="text-base">
          <EmojiGlyph emoji={emoji} />
        </span>
        {count}
      </button>
    </Tooltip>
  );
}

/** Tooltip text: "You, Ada and 3 others with 👍". */
function useReactionText({ emoji, count, user_ids }: Reaction): string {
  const { t } = useTranslation("chat");
  const format = useFormat();
  const { meId, nameOf } = useChat();
  const { names, others } = reactionNames(user_ids, { count, meId, you: t("reaction.you"), nameOf });
  const rest = others === 1 && names.length === 0 ? t("reaction.someone") : t("reaction.others", { count: others });
  return t("reaction.who", { emoji: withEmojiNames(emoji), names: format.list(others > 0 ? [...names, rest] : names) });
}

/** Most names listed in a tooltip; the other users are counted. */
const maxNamed = 8;

interface ReactionNames {
  /** Known display names, the current user first. */
  names: readonly string[];
  others: number;
}

/** The users behind a reaction. Users whose name is unknown, since they left the server, are only counted. */
export function reactionNames(
  userIds: readonly number[],
  {
    count,
    meId,
    you,
    nameOf,
  }: { count: number; meId: number; you: string; nameOf: (id: number) => string | undefined },
): ReactionNames {
  const ordered = userIds.includes(meId) ? [meId, ...userIds.filter((id) => id !== meId)] : userIds;
  const names = ordered.flatMap((id) => (id === meId ? you : (nameOf(id) ?? []))).slice(0, maxNamed);
  return { names, others: Math.max(0, count - names.length) };
}
