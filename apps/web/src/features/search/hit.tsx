import type { SearchHit } from "@miscord/protocol";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { useClientState } from "../../core/client.ts";
import { paths } from "../../core/paths.ts";
import { useFormat } from "../../i18n/format.ts";
import { Avatar } from "../../ui/avatar.tsx";
import { excerptOf } from "./excerpt.ts";

/** A found message. A click opens it in its channel. */
export function Hit({ hit, onLeave }: { hit: SearchHit; onLeave: () => void }) {
  const { t } = useTranslation("search");
  const format = useFormat();
  const { message, channel_id: channelId, server_id: serverId } = hit;
  const channel = useClientState((state) => state.channels[channelId]?.name ?? "");
  const { author, timestamp, attachments, reply_to: replyTo } = message;
  return (
    <li>
      <Link
        href={paths.message(serverId, channelId, message.id)}
        data-search-hit=""
        onClick={onLeave}
        className="focus-inset flex gap-3 rounded-md bg-surface p-3 hover:bg-hover"
      >
        <Avatar user={author} />
        <span className="min-w-0 flex-1 text-sm">
          <span className="flex items-baseline gap-2">
            <span dir="auto" className="truncate font-medium">
              {author.display_name}
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
            #{channel}
            {replyTo && ` · ${t("replyTo", { author: replyTo.author.display_name })}`}
          </span>
          <span className="mt-0.5 line-clamp-5 wrap-break-word whitespace-pre-line">
            {excerptOf(message.content, hit.highlights).map(({ text, isMarked, start }) =>
              isMarked ? (
                <mark key={start} className="rounded-xs bg-accent-soft px-0.5 font-semibold text-ink">
                  {text}
                </mark>
              ) : (
                text
              ),
            )}
          </span>
          {attachments.map(({ id, filename }) => (
            <span key={id} className="block truncate text-xs text-muted">
              {filename}
            </span>
          ))}
        </span>
      </Link>
    </li>
  );
}
