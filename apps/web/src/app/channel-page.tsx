import { hasCalls } from "@miscord/client";
import { memo, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { Redirect } from "wouter";
import { ThreadButtons } from "../features/channels/threads/lazy-threads.ts";
import { ThreadsButton } from "../features/channels/threads/threads-button.tsx";
import { ChannelView } from "../features/chat/channel-view.tsx";
import { MessageSkeleton } from "../features/chat/message-skeleton.tsx";
import { PinsButton } from "../features/chat/pins/pins-button.tsx";
import { MembersButton } from "../features/members/members-button.tsx";
import { MembersPane } from "../features/members/members-pane.tsx";
import { InboxButton } from "../features/notifications/inbox-button.tsx";
import { SearchBox } from "../features/search/search-box.tsx";
import { SearchPane } from "../features/search/search-pane.tsx";
import { useHasDraft } from "../features/composer/drafts.ts";
import { ChannelTitle } from "./channel-title.tsx";
import { useLeaveLostChannel } from "./use-leave-lost-channel.ts";
import { useThread } from "./use-thread.ts";
import { lazyWithTexts } from "../i18n/lazy-with-texts.ts";
import { Skeleton } from "../ui/skeleton.tsx";
import { useClient, useClientState, useMe } from "../core/client.ts";
import { LazyPart } from "../core/lazy-part.tsx";
import { rememberVisit, serverLanding } from "../core/last-visited.ts";
import { usePageTitle } from "../core/page-title.ts";
import { paths } from "../core/paths.ts";
import { channelName } from "../core/people.ts";
import { useUnseenChannels } from "../core/view-as.ts";
import { useRouteIds } from "../core/route-ids.ts";
import { MainPane } from "../layout/main-pane.tsx";
import { useWide } from "../ui/use-media-query.ts";
import { NotFoundPane } from "../layout/not-found-pane.tsx";

const NoChannelsPane = lazyWithTexts(
  async () => (await import("../features/channels/no-channels-pane.tsx")).NoChannelsPane,
);
const UnseenPane = lazyWithTexts(async () => (await import("../features/channels/unseen-pane.tsx")).UnseenPane);

const LostChannelPane = lazyWithTexts(async () => (await import("./lost-channel-pane.tsx")).LostChannelPane);
const VoicePage = lazyWithTexts(async () => (await import("./voice-page.tsx")).VoicePage);
const ForumPage = lazyWithTexts(async () => (await import("./forum-page.tsx")).ForumPage);
const ThreadPane = lazyWithTexts(async () => (await import("./thread-pane.tsx")).ThreadPane);

/** The page at `/channels/:serverId[/:channelId[/:messageId]]`. */
export function ChannelPage() {
  const { serverId, channelId } = useRouteIds();
  const ready = useClientState((state) => state.connection.ready);
  const server = useClientState((state) => (serverId === null ? undefined : state.servers[serverId]));
  const channel = useClientState((state) => (channelId === null ? undefined : state.channels[channelId]));
  const landing = useClientState((state) =>
    serverId !== null && state.servers[serverId] ? serverLanding(state, serverId) : null,
  );
  useEarlyHistory(!ready && channel === undefined);
  const isAsking = useThread(channelId, ready);
  const lostName = useLeaveLostChannel(serverId, channelId);
  const unseen = useUnseenChannels(serverId ?? 0);
  const isWide = useWide();
  const parentId = useClientState((state) => (channelId === null ? undefined : state.threads[channelId]?.parent_id));
  // Beside its channel, a thread leaves the page to that.
  const openId = (isWide ? parentId : undefined) ?? channelId ?? 0;
  const isForum = useClientState((state) => state.channels[openId]?.type === "forum");
  const hasUnsent = useHasDraft(channelId ?? 0);
  if (ready && channelId !== null && !channel && hasUnsent) {
    return (
      <LazyPart loading={<LoadingPane />}>
        <LostChannelPane channelId={channelId} name={lostName} next={landing ?? paths.home} />
      </LazyPart>
    );
  }
  if (!server) return ready ? <NotFoundPane /> : <LoadingPane />;
  if (channelId === null && landing !== null && landing !== paths.server(server.id)) {
    return <Redirect to={landing} replace />;
  }
  if (channelId === null)
    return (
      <LazyPart loading={<LoadingPane />}>
        <NoChannelsPane serverId={server.id} />
      </LazyPart>
    );
  if (channel?.server_id !== server.id || channel.type === "category")
    return ready && !isAsking ? <NotFoundPane /> : <LoadingPane />;
  if (unseen.includes(channel.id))
    return (
      <LazyPart>
        <UnseenPane serverId={server.id} />
      </LazyPart>
    );
  if (hasCalls(channel.type)) {
    return (
      <LazyPart loading={<LoadingPane />}>
        <VoicePage serverId={server.id} channelId={channel.id} />
      </LazyPart>
    );
  }
  if (isForum) {
    return (
      <LazyPart loading={<LoadingPane />}>
        <ForumPage serverId={server.id} channelId={openId} {...(openId !== channel.id && { threadId: channel.id })} />
      </LazyPart>
    );
  }
  if (parentId !== undefined && isWide)
    return <Conversation serverId={server.id} channelId={parentId} threadId={channel.id} />;
  return <Conversation serverId={server.id} channelId={channel.id} />;
}

/** Requests the servers and the messages of the channel in the address while the connection is being established. */
function useEarlyHistory(isLoading: boolean): void {
  const client = useClient();
  const { channelId, messageId } = useRouteIds();
  useEffect(() => {
    if (!isLoading || channelId === null) return undefined;
    client.loadServers().catch(() => {});
    client.openChannel(channelId, messageId === null ? {} : { around: messageId }).catch(() => {});
    return () => client.closeChannel(channelId);
  }, [client, isLoading, channelId, messageId]);
}

interface ConversationProps {
  serverId: number;
  channelId: number;
  /** The thread that is open beside it. */
  threadId?: number;
}

/** Memoised: each new message changes the channel in the page above, which must not render the conversation again. */
const Conversation = memo(function Conversation({ serverId, channelId, threadId }: ConversationProps) {
  const me = useMe();
  const { messageId } = useRouteIds();
  const title = useClientState((state) => channelName(state, channelId));
  const parentId = useClientState((state) => state.threads[channelId]?.parent_id);
  usePageTitle(title);
  const visitedId = parentId ?? channelId;
  useEffect(() => rememberVisit(me.id, serverId, visitedId), [me.id, serverId, visitedId]);
  const thread =
    threadId === undefined ? null : (
      <LazyPart>
        <ThreadPane key={threadId} serverId={serverId} threadId={threadId} messageId={messageId} />
      </LazyPart>
    );
  return (
    <>
      <MainPane
        title={<ChannelTitle serverId={serverId} channelId={channelId} />}
        buttons={
          <>
            {parentId === undefined ? (
              <>
                <SearchBox place={{ serverId, channelId }} />
                <ThreadsButton key={`threads ${channelId}`} serverId={serverId} channelId={channelId} />
              </>
            ) : (
              <LazyPart>
                <ThreadButtons threadId={channelId} />
              </LazyPart>
            )}
            <PinsButton key={channelId} serverId={serverId} channelId={channelId} />
            <InboxButton />
            {parentId === undefined && threadId === undefined && <MembersButton />}
          </>
        }
      >
        <ChannelView
          key={channelId}
          serverId={serverId}
          channelId={channelId}
          messageId={threadId === undefined ? messageId : null}
        />
      </MainPane>
      {parentId === undefined && (
        <SearchPane place={{ serverId, channelId }} fallback={thread ?? <MembersPane serverId={serverId} />} />
      )}
    </>
  );
});

function LoadingPane() {
  const { t } = useTranslation("common");
  usePageTitle(null);
  return (
    <MainPane title={<Skeleton className="h-4 w-32" />}>
      <div role="status" aria-label={t("loading")} className="flex flex-1 flex-col justify-end pb-4">
        <MessageSkeleton />
      </div>
    </MainPane>
  );
}
