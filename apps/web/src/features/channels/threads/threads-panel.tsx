import type { ListedThread } from "@miscord/protocol";
import { limits } from "@miscord/protocol";
import { Lock, MessagesSquare, Plus } from "lucide-react";
import { useCallback, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { useClient } from "../../../core/client.ts";
import { openDialog } from "../../../core/dialog-store.ts";
import { useDescribeError } from "../../../core/describe-error.ts";
import { paths } from "../../../core/paths.ts";
import { useAction } from "../../../core/use-action.ts";
import { useCan } from "../../../core/use-can.ts";
import { useOpenThread } from "../../../core/use-open-thread.ts";
import { useLoaded } from "../../../core/use-loaded.ts";
import { useFormat } from "../../../i18n/format.ts";
import { useRelativeTime } from "../../../i18n/time-texts.ts";
import { Button } from "../../../ui/button.tsx";
import { EmptyState } from "../../../ui/empty-state.tsx";
import { Skeleton } from "../../../ui/skeleton.tsx";

interface ThreadsPanelProps {
  serverId: number;
  channelId: number;
  onLeave: () => void;
}

/** The threads of a channel, the latest activity first, and the way to a new one. */
export function ThreadsPanel({ serverId, channelId, onLeave }: ThreadsPanelProps) {
  const { t } = useTranslation("threads");
  const [isArchived, setArchived] = useState(false);
  const mayCreate = useCan(serverId, "createPublicThreads", channelId);
  const create = () => {
    onLeave();
    openDialog({ kind: "create-thread", channelId });
  };
  return (
    <>
      <header className="flex min-h-12 items-center justify-between gap-3 border-b border-line px-4">
        <h2 className="font-semibold">{t("title")}</h2>
        {mayCreate && (
          <Button size="sm" variant="primary" icon={<Plus size={16} aria-hidden />} onClick={create}>
            {t("create.open")}
          </Button>
        )}
      </header>
      <div className="flex gap-1 px-3 pt-2" role="group" aria-label={t("show")}>
        <Choice isChosen={!isArchived} label={t("active")} onChoose={() => setArchived(false)} />
        <Choice isChosen={isArchived} label={t("archived")} onChoose={() => setArchived(true)} />
      </div>
      <div className="min-h-0 overflow-y-auto overscroll-contain">
        <Threads key={String(isArchived)} channelId={channelId} isArchived={isArchived} onLeave={onLeave} />
      </div>
    </>
  );
}

function Choice({ isChosen, label, onChoose }: { isChosen: boolean; label: string; onChoose: () => void }) {
  return (
    <Button size="sm" variant={isChosen ? "secondary" : "ghost"} aria-pressed={isChosen} onClick={onChoose}>
      {label}
    </Button>
  );
}

interface ThreadsProps {
  channelId: number;
  isArchived: boolean;
  onLeave: () => void;
}

function Threads({ channelId, isArchived, onLeave }: ThreadsProps) {
  const { t } = useTranslation("threads");
  const client = useClient();
  const describe = useDescribeError();
  const { busy, run } = useAction();
  const load = useCallback(
    () => client.rest.listThreads(channelId, { archived: isArchived }),
    [client, channelId, isArchived],
  );
  const { loaded, reload } = useLoaded(load);
  const [more, setMore] = useState<{ threads: ListedThread[]; cursor: string | null } | null>(null);
  if (loaded.status === "loading") return <Skeleton className="m-4 h-3.5 w-40" />;
  if (loaded.status === "failed") {
    return (
      <Button className="m-3" onClick={reload}>
        {describe(loaded.error)}
      </Button>
    );
  }
  const threads = [...loaded.value.threads, ...(more?.threads ?? [])];
  const cursor = more ? more.cursor : loaded.value.cursor;
  const loadMore = () =>
    run(async () => {
      const page = await client.rest.listThreads(channelId, { archived: isArchived, cursor: cursor! });
      setMore({ threads: [...(more?.threads ?? []), ...page.threads], cursor: page.cursor });
    });
  if (threads.length === 0) {
    return (
      <EmptyState
        icon={<MessagesSquare size={26} aria-hidden />}
        title={t(isArchived ? "noneArchived" : "none")}
        description={isArchived ? null : t("noneHint")}
      />
    );
  }
  return (
    <>
      <ul className="flex flex-col p-1.5">
        {threads.map((thread) => (
          <Row key={thread.id} thread={thread} onLeave={onLeave} />
        ))}
      </ul>
      {cursor !== null && (
        <Button variant="ghost" busy={busy} className="mx-3 mb-3" onClick={() => void loadMore()}>
          {t("more")}
        </Button>
      )}
    </>
  );
}

function Row({ thread, onLeave }: { thread: ListedThread; onLeave: () => void }) {
  const { t } = useTranslation("threads");
  const format = useFormat();
  const ago = useRelativeTime(thread.active_at);
  const open = useOpenThread();
  const isUnread = thread.is_following && thread.last_message_seq > thread.read_seq;
  const count = thread.message_count;
  return (
    <li>
      <Link
        href={paths.channelOf(thread)}
        onClick={(event) => {
          open(event, thread);
          onLeave();
        }}
        className="focus-inset flex flex-col rounded-md px-3 py-2 text-sm hover:bg-hover"
      >
        <span className="flex min-w-0 items-center gap-1.5">
          <span dir="auto" className={isUnread ? "truncate font-semibold" : "truncate font-medium"}>
            {thread.name}
          </span>
          {thread.locked && <Lock size={13} aria-label={t("locked")} className="shrink-0 text-faint" />}
        </span>
        <span className="flex gap-2 text-xs text-muted">
          <span>{count >= limits.threadCountMax ? t("manyMessages", { most: count }) : t("messages", { count })}</span>
          <time dateTime={thread.active_at} title={format.dateTime(thread.active_at)}>
            {ago}
          </time>
          {thread.is_following && <span>{t("following")}</span>}
        </span>
      </Link>
    </li>
  );
}
