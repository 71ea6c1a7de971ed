import type { SearchHit } from "@miscord/protocol";
import { Forward } from "lucide-react";
import { useState, type KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { useClientState } from "../../core/client.ts";
import { paths } from "../../core/paths.ts";
import { channelName, useBlocked, usePersonIn } from "../../core/people.ts";
import { useFormat } from "../../i18n/format.ts";
import { HiddenItem } from "../../layout/hidden-item.tsx";
import { Avatar } from "../../ui/avatar.tsx";
import { excerptOf, withMoments } from "./excerpt.ts";
import { voiceText } from "../../core/voice-text.ts";
import { withRoles } from "../../core/role-mentions.ts";
import { nameOf } from "../../core/name-of.ts";

interface HitProps {
  hit: SearchHit;
  onLeave: () => void;
  onKeyDown: (event: KeyboardEvent<HTMLElement>) => void;
}

/** A found message; one of somebody blocked is covered. */
export function Hit(props: HitProps) {
  const isBlocked = useBlocked().has(props.hit.message.author.id);
  const [isRevealed, setRevealed] = useState(false);
  if (!isBlocked || isRevealed) return <FoundMessage {...props} />;
  const { onKeyDown } = props;
  return <HiddenItem className="rounded-md bg-surface p-3" onReveal={() => setRevealed(true)} onKeyDown={onKeyDown} />;
}

/** A click opens it in its channel. */
function FoundMessage({ hit, onLeave, onKeyDown }: HitProps) {
  const { t } = useTranslation("search");
  const format = useFormat();
  const { message, channel_id: channelId, server_id: serverId } = hit;
  const channel = useClientState((state) => channelName(state, channelId));
  const author = usePersonIn(channelId, message.author);
  const { timestamp, attachments, reply_to: replyTo, forwarded, poll } = message;
  return (
    <li>
      <Link
        href={paths.message(serverId, channelId, message.id)}
        data-search-hit=""
        onClick={onLeave}
        onKeyDown={onKeyDown}
        className="focus-inset flex gap-3 rounded-md bg-surface p-3 hover:bg-hover"
      >
        <Avatar user={author} />
        <span className="min-w-0 flex-1 text-sm">
          <span className="flex items-baseline gap-2">
            <span dir="auto" className="truncate font-medium">
              {nameOf(author)}
            </span>
            <time
              dateTime={timestamp}
              title={format.dateTime(timestamp)}
              className="ml-auto shrink-0 text-xs text-muted"
            >
              {format.shortDate(timestamp)} {format.time(timestamp)}
            </time>
          </span>
          <span className="block truncate text-xs text-muted">
            {channel}
            {replyTo && ` · ${t("replyTo", { author: nameOf(replyTo.author) })}`}
          </span>
          <Excerpt content={message.content} highlights={hit.highlights} />
          {forwarded && (
            <span className="mt-1 flex items-start gap-1.5 text-muted">
              <Forward size={13} aria-label={t("forwarded")} className="mt-1 shrink-0" />
              <Excerpt content={forwarded.content} highlights={hit.forwarded_highlights ?? []} />
            </span>
          )}
          {poll && (
            <span className="line-clamp-2 text-xs text-muted">{poll.answers.map(({ text }) => text).join(" · ")}</span>
          )}
          {attachments.map(({ id, filename, duration_ms }) => (
            <span key={id} className="block truncate text-xs text-muted">
              {voiceText(duration_ms) || filename}
            </span>
          ))}
        </span>
      </Link>
    </li>
  );
}

/** Nothing for a message without text. */
function Excerpt({ content, highlights }: { content: string; highlights: SearchHit["highlights"] }) {
  const { dateTime } = useFormat();
  return (
    <span className="mt-0.5 line-clamp-5 min-w-0 wrap-break-word whitespace-pre-line empty:hidden">
      {excerptOf(content, highlights).map(({ text, isMarked, start }) =>
        isMarked ? (
          <mark key={start} className="rounded-xs bg-accent-soft px-0.5 font-semibold text-ink">
            {withRoles(text)}
          </mark>
        ) : (
          withMoments(withRoles(text), dateTime)
        ),
      )}
    </span>
  );
}
