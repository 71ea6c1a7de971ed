import { savedCalls } from "@miscord/client";
import { previewText, voiceLengthOf, type SavedMessage } from "@miscord/protocol";
import { AlarmClock, Bookmark, BookmarkX } from "lucide-react";
import { useCallback, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { useClient, useClientState } from "../../core/client.ts";
import { nameOf } from "../../core/name-of.ts";
import { paths } from "../../core/paths.ts";
import { channelName, usePersonIn } from "../../core/people.ts";
import { voiceText } from "../../core/voice-text.ts";
import { withRoles } from "../../core/role-mentions.ts";
import { useAction } from "../../core/use-action.ts";
import { useLoaded } from "../../core/use-loaded.ts";
import { useFormat } from "../../i18n/format.ts";
import { Avatar } from "../../ui/avatar.tsx";
import { Button } from "../../ui/button.tsx";
import { cx } from "../../ui/cx.ts";
import { EmptyState } from "../../ui/empty-state.tsx";
import { IconButton } from "../../ui/icon-button.tsx";
import { InboxSkeleton } from "./inbox-skeleton.tsx";

interface SavedListProps {
  /** Only reminders whose time has come. */
  onlyDue: boolean;
  onLeave: () => void;
}

/** Messages that the user has saved. The server leaves out what they may not see any more. */
export function SavedList({ onlyDue, onLeave }: SavedListProps) {
  const { t } = useTranslation("saved");
  const client = useClient();
  const reminders = useClientState((state) => state.inbox.reminders);
  const load = useCallback(
    () => savedCalls(client.rest).list(onlyDue ? { due: "true" } : {}),
    // A reminder that arrives or goes changes the list.
    // oxlint-disable-next-line react/exhaustive-deps
    [client, onlyDue, reminders],
  );
  const { loaded } = useLoaded(load);
  const [removed, setRemoved] = useState<ReadonlySet<number>>(new Set());
  const [more, setMore] = useState<{ saved: readonly SavedMessage[]; has_more: boolean } | null>(null);
  const { run, busy } = useAction();
  useForgetUnseen(onlyDue && loaded.status === "ready" ? loaded.value.saved : null);
  if (loaded.status === "loading") return onlyDue ? null : <InboxSkeleton />;
  if (loaded.status === "failed") return onlyDue ? null : <p className="p-4 text-sm text-muted">{t("failed")}</p>;
  const all = [...loaded.value.saved, ...(more?.saved ?? [])].filter(({ message }) => !removed.has(message.id));
  const hasMore = more?.has_more ?? loaded.value.has_more;
  if (all.length === 0) {
    if (onlyDue) return null;
    return <EmptyState icon={<Bookmark size={26} aria-hidden />} title={t("empty")} description={t("emptyHint")} />;
  }
  async function loadMore(): Promise<void> {
    const page = await savedCalls(client.rest).list({ before: all.at(-1)!.message.id });
    setMore({ saved: [...(more?.saved ?? []), ...page.saved], has_more: page.has_more });
  }
  return (
    <>
      <ul aria-label={t(onlyDue ? "reminders" : "title")} className="flex flex-col p-1.5">
        {all.map((saved) => (
          <SavedItem
            key={saved.message.id}
            saved={saved}
            onLeave={onLeave}
            onRemoved={() => setRemoved(new Set([...removed, saved.message.id]))}
          />
        ))}
      </ul>
      {!onlyDue && hasMore && (
        <div className="flex justify-center px-3 pb-3">
          <Button size="sm" busy={busy} onClick={() => void run(loadMore)}>
            {t("more")}
          </Button>
        </div>
      )}
    </>
  );
}

/** Takes back reminders of messages that the user may not see any more. */
function useForgetUnseen(shown: readonly SavedMessage[] | null): void {
  const client = useClient();
  useEffect(() => {
    if (!shown) return;
    const seen = new Set(shown.map(({ message }) => message.id));
    for (const { message_id: id } of client.store.getState().inbox.reminders) {
      if (!seen.has(id))
        void savedCalls(client.rest)
          .remove(id)
          .catch(() => {});
    }
  }, [client, shown]);
}

interface SavedItemProps {
  saved: SavedMessage;
  onLeave: () => void;
  onRemoved: () => void;
}

function SavedItem({ saved: { message, remind_at: remindAt, is_due: isDue }, onLeave, onRemoved }: SavedItemProps) {
  const { t } = useTranslation("saved");
  const client = useClient();
  const format = useFormat();
  const { run } = useAction();
  const { id, server_id: serverId, channel_id: channelId } = message;
  const author = usePersonIn(channelId, message.author);
  const channel = useClientState((state) => (channelId in state.channels ? channelName(state, channelId) : ""));
  const dismiss = () => isDue && void run(() => savedCalls(client.rest).save(id, { remind_at: null }));
  async function remove(): Promise<void> {
    await savedCalls(client.rest).remove(id);
    onRemoved();
  }
  return (
    <li className="group relative flex items-start rounded-md hover:bg-hover">
      <Link
        href={paths.message(serverId, channelId, id)}
        onClick={() => {
          dismiss();
          onLeave();
        }}
        className="focus-inset flex min-w-0 flex-1 gap-3 rounded-md py-2.5 pr-11 pl-4"
      >
        {isDue && <span aria-hidden className="absolute top-5.5 left-1 size-2 rounded-full bg-mark" />}
        <Avatar user={author} ground="overlay" />
        <span className="min-w-0 flex-1 text-sm">
          <span className={cx("block truncate", isDue && "font-medium")}>
            <bdi>{nameOf(author)}</bdi>
          </span>
          <span dir="auto" className="line-clamp-3 text-muted wrap-anywhere">
            {withRoles(previewText(message.content || (message.forwarded?.content ?? ""))) ||
              voiceText(voiceLengthOf(message).voice_ms)}
          </span>
          <span className="flex flex-wrap items-center gap-x-1.5 text-xs text-muted">
            <bdi className="truncate">{channel}</bdi>
            {remindAt && (
              <span className="flex items-center gap-1">
                <AlarmClock size={12} aria-hidden />
                <span className="sr-only">{t("reminder")}</span>
                <time dateTime={remindAt}>{format.dateTime(remindAt)}</time>
              </span>
            )}
          </span>
        </span>
      </Link>
      <IconButton
        size="sm"
        label={t("remove")}
        icon={<BookmarkX size={16} />}
        tooltipSide="left"
        className="absolute top-2 right-2 pointer-fine:opacity-0 pointer-fine:group-hover:opacity-100 pointer-fine:focus-visible:opacity-100"
        onClick={() => void run(remove)}
      />
    </li>
  );
}
