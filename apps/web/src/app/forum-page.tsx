import { useEffect } from "react";
import { useClientState, useMe } from "../core/client.ts";
import { rememberVisit } from "../core/last-visited.ts";
import { usePageTitle } from "../core/page-title.ts";
import { useRouteIds } from "../core/route-ids.ts";
import { ForumView } from "../features/channels/forum/forum-view.tsx";
import { MembersButton } from "../features/members/members-button.tsx";
import { MembersPane } from "../features/members/members-pane.tsx";
import { InboxButton } from "../features/notifications/inbox-button.tsx";
import { SearchBox } from "../features/search/search-box.tsx";
import { SearchPane } from "../features/search/search-pane.tsx";
import { MainPane } from "../layout/main-pane.tsx";
import { ChannelTitle } from "./channel-title.tsx";
import { ThreadPane } from "./thread-pane.tsx";

interface ForumPageProps {
  serverId: number;
  channelId: number;
  /** The post that is open beside it. */
  threadId?: number;
}

/** The posts of a forum. */
export function ForumPage({ serverId, channelId, threadId }: ForumPageProps) {
  const me = useMe();
  const { messageId } = useRouteIds();
  const title = useClientState((state) => state.channels[channelId]?.name ?? "");
  usePageTitle(title);
  useEffect(() => rememberVisit(me.id, serverId, channelId), [me.id, serverId, channelId]);
  const place = { serverId, channelId };
  const post =
    threadId === undefined ? null : (
      <ThreadPane key={threadId} serverId={serverId} threadId={threadId} messageId={messageId} />
    );
  return (
    <>
      <MainPane
        // The guidelines are above the posts.
        title={<ChannelTitle serverId={serverId} channelId={channelId} hasTopic={false} />}
        buttons={
          <>
            <SearchBox place={place} />
            <InboxButton />
            {threadId === undefined && <MembersButton />}
          </>
        }
      >
        <ForumView key={channelId} serverId={serverId} channelId={channelId} />
      </MainPane>
      <SearchPane place={place} fallback={post ?? <MembersPane serverId={serverId} />} />
    </>
  );
}
