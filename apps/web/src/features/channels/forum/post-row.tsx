import type { ForumTag, ListedPost } from "@miscord/protocol";
import { Archive, Lock, Pin } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { useClientState } from "../../../core/client.ts";
import { nameOf } from "../../../core/name-of.ts";
import { paths } from "../../../core/paths.ts";
import { usePersonIn } from "../../../core/people.ts";
import { useRouteIds } from "../../../core/route-ids.ts";
import { useOpenThread } from "../../../core/use-open-thread.ts";
import { useFormat } from "../../../i18n/format.ts";
import { useRelativeTime } from "../../../i18n/time-texts.ts";
import { Avatar } from "../../../ui/avatar.tsx";
import { cx } from "../../../ui/cx.ts";
import { VisuallyHidden } from "../../../ui/visually-hidden.tsx";
import { TagChip } from "./tag-chip.tsx";

/** A post in the list of its forum; the whole row opens it. */
export function PostRow({ post, tags }: { post: ListedPost; tags: readonly ForumTag[] }) {
  const { t } = useTranslation("forums");
  const format = useFormat();
  const ago = useRelativeTime(post.active_at);
  const open = useOpenThread();
  const isActive = useRouteIds().channelId === post.id;
  const author = usePersonIn(post.parent_id, post.author);
  // Of an opened post the state knows sooner what the user has read.
  const readSeq = useClientState((state) => Math.max(post.read_seq, state.channels[post.id]?.read_seq ?? 0));
  const isUnread = post.last_message_seq > readSeq;
  const own = tags.filter(({ id }) => post.tags?.includes(id));
  return (
    <li>
      <Link
        href={paths.channelOf(post)}
        onClick={(event) => open(event, post)}
        aria-current={isActive ? "page" : undefined}
        className={cx(
          "focus-inset flex flex-col gap-1 rounded-lg px-3 py-2.5 transition-colors",
          isActive ? "bg-active" : "hover:bg-hover",
        )}
      >
        <span className="flex min-w-0 items-center gap-1.5">
          {post.pinned_at && <Pin size={14} aria-label={t("pinned")} className="shrink-0 text-link" />}
          <span dir="auto" className={cx("min-w-0 truncate", isUnread ? "font-semibold" : "font-medium text-muted")}>
            {post.name}
          </span>
          {isUnread && (
            <>
              <VisuallyHidden>{t("unread")}</VisuallyHidden>
              <span className="size-1.75 shrink-0 rounded-full bg-mark" />
            </>
          )}
          {post.locked && <Lock size={13} aria-label={t("locked")} className="shrink-0 text-faint" />}
          {post.archived && <Archive size={13} aria-label={t("archived")} className="shrink-0 text-faint" />}
        </span>
        <span className="flex min-w-0 items-center gap-1.5 text-sm">
          <Avatar user={author} size={16} />
          <span dir="auto" className="max-w-40 shrink-0 truncate font-medium text-muted">
            {nameOf(author)}
          </span>
          <span dir="auto" className="min-w-0 truncate text-faint">
            {post.excerpt || t("noText")}
          </span>
        </span>
        <span className="flex flex-wrap items-center gap-x-2 gap-y-1 text-xs text-faint">
          {own.map((tag) => (
            <TagChip key={tag.id} tag={tag} />
          ))}
          <time dateTime={post.active_at} title={format.dateTime(post.active_at)}>
            {ago}
          </time>
          {post.is_following && <span>{t("following")}</span>}
        </span>
      </Link>
    </li>
  );
}
