import type { ForumList } from "@miscord/client";
import type { ForumSettings, PostOrder } from "@miscord/protocol";
import { limits } from "@miscord/protocol";
import { CloudAlert, MessagesSquare, Plus } from "lucide-react";
import { useCallback, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient, useClientState } from "../../../core/client.ts";
import { openDialog } from "../../../core/dialog-store.ts";
import { usePageFocus } from "../../../core/page-focus.ts";
import { useBlocked } from "../../../core/people.ts";
import { useAction } from "../../../core/use-action.ts";
import { Button } from "../../../ui/button.tsx";
import { EmptyState } from "../../../ui/empty-state.tsx";
import { Select } from "../../../ui/select.tsx";
import { Skeleton } from "../../../ui/skeleton.tsx";
import { PostRefusal, useMayPost } from "./post-refusal.tsx";
import { PostRow } from "./post-row.tsx";
import { TagChoice } from "./tag-chip.tsx";

const noForum: ForumSettings = { tags: [], requires_tag: false, order: "activity" };

/** Everything below a forum's header: guidelines, the way to a new post, the filter and the posts. */
export function ForumView({ serverId, channelId }: { serverId: number; channelId: number }) {
  const client = useClient();
  const forum = useClientState((state) => state.channels[channelId]?.forum) ?? noForum;
  const topic = useClientState((state) => state.channels[channelId]?.topic ?? "");
  const [chosen, setChosen] = useState<PostOrder | null>(null);
  const [picked, setPicked] = useState<readonly number[]>([]);
  const order = chosen ?? forum.order;
  // A tag that is removed meanwhile filters no more.
  const tags = picked.filter((id) => forum.tags.some((tag) => tag.id === id)).join();
  const [isBroken, setBroken] = useState(false);
  const open = useCallback(() => {
    const query = { order, tags: tags === "" ? [] : tags.split(",").map(Number) };
    client.openForum(channelId, query).then(
      () => setBroken(false),
      () => setBroken(true),
    );
  }, [client, channelId, order, tags]);
  useEffect(open, [open]);
  useEffect(() => () => client.closeForum(channelId), [client, channelId]);
  const list = useClientState((state) => state.forums[channelId]);
  useReadForum(channelId, list?.status === "ready");
  return (
    <div className="min-h-0 flex-1 overflow-y-auto overscroll-contain">
      <div className="mx-auto flex max-w-237 flex-col gap-3 px-3 py-3 md:px-4">
        {topic && <Guidelines text={topic} />}
        <Toolbar
          serverId={serverId}
          channelId={channelId}
          forum={forum}
          order={order}
          tags={tags === "" ? [] : tags.split(",").map(Number)}
          onOrder={setChosen}
          onTags={setPicked}
        />
        <Posts
          channelId={channelId}
          forum={forum}
          list={list}
          isFiltered={tags !== ""}
          isBroken={isBroken}
          onRetry={open}
          onShowAll={() => setPicked([])}
        />
      </div>
    </div>
  );
}

/** The forum is read while somebody looks at its list, which has what is new. */
function useReadForum(channelId: number, isListed: boolean): void {
  const client = useClient();
  const isWatching = usePageFocus() && isListed;
  const lastSeq = useClientState((state) => state.channels[channelId]?.last_message_seq ?? 0);
  useEffect(() => {
    if (isWatching) client.markRead(channelId, lastSeq);
  }, [client, channelId, isWatching, lastSeq]);
}

function Guidelines({ text }: { text: string }) {
  const { t } = useTranslation("forums");
  return (
    <section aria-label={t("guidelines")} className="rounded-lg border border-line bg-raised px-4 py-3">
      <h2 className="text-xs font-medium text-faint">{t("guidelines")}</h2>
      <p dir="auto" className="mt-0.5 text-sm wrap-break-word">
        {text}
      </p>
    </section>
  );
}

interface ToolbarProps {
  serverId: number;
  channelId: number;
  forum: ForumSettings;
  order: PostOrder;
  tags: readonly number[];
  onOrder: (order: PostOrder) => void;
  onTags: (tags: readonly number[]) => void;
}

function Toolbar({ serverId, channelId, forum, order, tags, onOrder, onTags }: ToolbarProps) {
  const { t } = useTranslation("forums");
  const mayPost = useMayPost({ serverId, channelId });
  return (
    <div className="flex flex-col gap-2.5">
      <div className="flex flex-wrap items-center justify-between gap-2">
        {mayPost ? (
          <Button
            variant="primary"
            icon={<Plus size={17} aria-hidden />}
            onClick={() => openDialog({ kind: "create-post", channelId })}
          >
            {t("create.open")}
          </Button>
        ) : (
          <PostRefusal serverId={serverId} channelId={channelId} />
        )}
        <div className="w-44 md:w-52">
          <Select
            label={t("order.label")}
            value={order}
            onChange={onOrder}
            options={[
              { value: "activity", label: t("order.activity") },
              { value: "newest", label: t("order.newest") },
            ]}
          />
        </div>
      </div>
      {forum.tags.length > 0 && (
        <TagChoice
          label={t("filter")}
          tags={forum.tags}
          chosen={tags}
          most={limits.tagsPerForum}
          onChange={onTags}
          // One line that is scrolled on a phone.
          className="-mx-3 overflow-x-auto px-3 py-0.5 md:mx-0 md:flex-wrap md:px-0"
        />
      )}
    </div>
  );
}

interface PostsProps {
  channelId: number;
  forum: ForumSettings;
  list: ForumList | undefined;
  isFiltered: boolean;
  /** The code of the list could not be loaded. */
  isBroken: boolean;
  onRetry: () => void;
  onShowAll: () => void;
}

function Posts({ channelId, forum, list, isFiltered, isBroken, onRetry, onShowAll }: PostsProps) {
  const { t } = useTranslation("forums");
  const client = useClient();
  const { busy, run } = useAction();
  const blocked = useBlocked();
  if (isBroken || list?.status === "failed") {
    return (
      <EmptyState
        icon={<CloudAlert size={26} aria-hidden />}
        title={t("failed")}
        actions={<Button onClick={onRetry}>{t("retry")}</Button>}
      />
    );
  }
  if (!list || list.status === "loading") return <LoadingPosts />;
  const posts = [...list.pinned, ...list.posts].filter(({ owner_id }) => !blocked.has(owner_id));
  if (posts.length === 0 && list.cursor === null) {
    return (
      <EmptyState
        icon={<MessagesSquare size={26} aria-hidden />}
        title={t(isFiltered ? "noneFound" : "none")}
        description={t(isFiltered ? "noneFoundHint" : "noneHint")}
        actions={isFiltered && <Button onClick={onShowAll}>{t("showAll")}</Button>}
      />
    );
  }
  return (
    <>
      <ul aria-label={t("posts")} className="-mx-1 flex flex-col gap-0.5">
        {posts.map((post) => (
          <PostRow key={post.id} post={post} tags={forum.tags} />
        ))}
      </ul>
      {list.cursor !== null && (
        <Button variant="ghost" busy={busy} onClick={() => void run(() => client.loadMorePosts(channelId))}>
          {t("more")}
        </Button>
      )}
    </>
  );
}

const rows = [1, 2, 3, 4, 5];

function LoadingPosts() {
  const { t } = useTranslation("forums");
  return (
    <div role="status" aria-label={t("loading")} className="flex flex-col gap-5 px-2 py-2">
      {rows.map((row) => (
        <div key={row} className="flex flex-col gap-2">
          <Skeleton className="h-4 w-2/5" />
          <Skeleton className="h-3.5 w-4/5" />
        </div>
      ))}
    </div>
  );
}
