import { pollCalls, type Choice } from "@miscord/client";
import type { Message, Poll } from "@miscord/protocol";
import { Check, Ellipsis } from "lucide-react";
import { useEffect, useEffectEvent } from "react";
import { useTranslation } from "react-i18next";
import { useClient, useClientState } from "../../../core/client.ts";
import { useAtPresent } from "../../../core/clock.ts";
import { useDescribeError } from "../../../core/describe-error.ts";
import { openDialog } from "../../../core/dialog-store.ts";
import { useAction } from "../../../core/use-action.ts";
import { useFormat } from "../../../i18n/format.ts";
import { cx } from "../../../ui/cx.ts";
import { IconButton } from "../../../ui/icon-button.tsx";
import { Menu } from "../../../ui/menu.tsx";
import type { MenuEntry } from "../../../ui/menu-item.ts";
import { useToast } from "../../../ui/toast.tsx";
import { useChat } from "../chat-context.ts";

interface PollCardProps {
  message: Message;
  poll: Poll;
  /** Whether the message is in the tab order. */
  isActive: boolean;
}

/** The answers of a poll below its question, with their votes. */
export function PollCard({ message, poll, isActive }: PollCardProps) {
  const { t } = useTranslation("polls");
  const { canReact, canWrite } = useChat();
  const { chosen, choose } = useOwnVote(message.id);
  const isOver = useAtPresent((now) => poll.ends_at !== null && Date.parse(poll.ends_at) <= now);
  const mayVote = (canReact || canWrite) && !isOver;
  const most = Math.max(1, ...poll.answers.map(({ votes }) => votes));
  function press(place: number): void {
    choose((before) => {
      const others = poll.multiple ? before.filter((one) => one !== place) : [];
      return before.includes(place) ? others : [...others, place];
    });
  }
  return (
    <div className="mt-1 max-w-120 rounded-md border border-line bg-surface p-2.5">
      <ul aria-label={t("answers")} className="flex flex-col gap-1.5">
        {poll.answers.map((answer, place) => (
          <li key={place}>
            <Answer
              {...answer}
              share={poll.voters === 0 ? 0 : answer.votes / poll.voters}
              isChosen={chosen.includes(place)}
              isBest={isOver && answer.votes === most}
              isMultiple={poll.multiple}
              mayVote={mayVote}
              tabIndex={isActive ? 0 : -1}
              onPress={() => press(place)}
            />
          </li>
        ))}
      </ul>
      <footer className="mt-1.5 flex items-center gap-2 pl-1 text-xs text-muted">
        <Summary poll={poll} isOver={isOver} />
        <PollMenu
          {...{ message, poll, isActive }}
          canTakeBack={mayVote && chosen.length > 0}
          isOver={isOver}
          onTakeBack={() => choose([])}
        />
      </footer>
    </div>
  );
}

interface AnswerProps {
  text: string;
  votes: number;
  /** Of all who voted, 0 to 1. */
  share: number;
  isChosen: boolean;
  isBest: boolean;
  isMultiple: boolean;
  mayVote: boolean;
  tabIndex: number;
  onPress: () => void;
}

function Answer({ text, votes, share, isChosen, isBest, isMultiple, mayVote, tabIndex, onPress }: AnswerProps) {
  const { t } = useTranslation("polls");
  const format = useFormat();
  const percent = `${format.number(Math.round(100 * share))} %`;
  return (
    <button
      type="button"
      aria-pressed={isChosen}
      disabled={!mayVote}
      tabIndex={tabIndex}
      onClick={onPress}
      className={cx(
        "relative flex min-h-10 w-full items-center gap-2.5 overflow-hidden rounded-md border bg-field px-2.5 py-1.5 text-left text-sm transition-colors",
        isChosen ? "border-mark" : "border-line-strong",
        mayVote && "hover:border-faint",
      )}
    >
      <span
        aria-hidden
        className={cx(
          "absolute inset-y-0 left-0 transition-[width] duration-300",
          isChosen ? "bg-accent-soft" : "bg-hover",
        )}
        style={{ width: `${100 * share}%` }}
      />
      <span
        aria-hidden
        className={cx(
          "relative flex size-4.5 shrink-0 items-center justify-center border",
          isMultiple ? "rounded-sm" : "rounded-full",
          isChosen ? "border-accent bg-accent text-on-accent" : "border-faint",
        )}
      >
        {isChosen && <Check size={12} strokeWidth={3} />}
      </span>
      <span dir="auto" className={cx("relative min-w-0 flex-1 wrap-break-word", isBest && "font-semibold")}>
        {text}
      </span>
      <span aria-hidden className="relative shrink-0 text-xs tabular-nums text-muted">
        {format.number(votes)} · {percent}
      </span>
      <span className="sr-only">{t("votes", { count: votes, percent })}</span>
    </button>
  );
}

function Summary({ poll, isOver }: { poll: Poll; isOver: boolean }) {
  const { t } = useTranslation("polls");
  const format = useFormat();
  const left = useAtPresent((now) => (poll.ends_at === null ? "" : format.relative(poll.ends_at, now)));
  const parts = [
    t("voters", { count: poll.voters }),
    isOver ? t("over") : left && t("ends", { when: left }),
    poll.multiple && !isOver && t("multiple"),
    poll.anonymous && t("anonymous"),
  ];
  return <span className="min-w-0 flex-1">{parts.filter(Boolean).join(" · ")}</span>;
}

interface PollMenuProps extends PollCardProps {
  isOver: boolean;
  canTakeBack: boolean;
  onTakeBack: () => void;
}

function PollMenu({ message, poll, isActive, isOver, canTakeBack, onTakeBack }: PollMenuProps) {
  const { t } = useTranslation("polls");
  const { meId, canManage } = useChat();
  const client = useClient();
  const { run } = useAction();
  const entries: MenuEntry[] = [
    canTakeBack && { label: t("takeBack"), onSelect: onTakeBack },
    !poll.anonymous && {
      label: t("who"),
      onSelect: () => openDialog({ kind: "voters", channelId: message.channel_id, message }),
    },
    !isOver &&
      (canManage || message.author.id === meId) && {
        label: t("close"),
        onSelect: () => void run(() => pollCalls(client.rest).close(message.id)),
      },
  ];
  if (!entries.some(Boolean)) return null;
  return (
    <Menu
      align="end"
      entries={entries}
      trigger={<IconButton size="xs" label={t("more")} icon={<Ellipsis size={15} />} tabIndex={isActive ? 0 : -1} />}
    />
  );
}

/** What the user has chosen, loaded when the poll is first shown and after each connect. */
function useOwnVote(messageId: number) {
  const client = useClient();
  const toast = useToast();
  const describe = useDescribeError();
  const own = useClientState((state) => state.votes[messageId]);
  const isOnline = useClientState((state) => state.connection.ready);
  const isMissing = own === undefined && isOnline;
  const load = useEffectEvent(
    () =>
      void client
        .votes()
        .then((votes) => votes.load(messageId))
        .catch(() => {}),
  );
  useEffect(() => {
    if (isMissing) load();
  }, [isMissing]);
  return {
    chosen: own?.answers ?? [],
    // Several answers are pressed while the first is on its way: each counts.
    choose: (answers: Choice) =>
      void client
        .votes()
        .then((votes) => votes.cast(messageId, answers))
        .catch((error: unknown) => toast({ title: describe(error), tone: "danger" })),
  };
}
