import { Ellipsis, LockKeyhole, Users } from "lucide-react";
import { memo, type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { Redirect } from "wouter";
import { useClientState } from "../core/client.ts";
import { openCard, openDialog } from "../core/dialog-store.ts";
import { LazyPart } from "../core/lazy-part.tsx";
import { usePageTitle } from "../core/page-title.ts";
import { paths } from "../core/paths.ts";
import { dmName, othersIn } from "../core/people.ts";
import { useRouteIds } from "../core/route-ids.ts";
import { ChannelView } from "../features/chat/channel-view.tsx";
import { MessageSkeleton } from "../features/chat/message-skeleton.tsx";
import { InboxButton } from "../features/notifications/inbox-button.tsx";
import { CallButton } from "../features/people/call-button.tsx";
import { CallPane } from "../features/people/call-pane.tsx";
import { DmAvatar } from "../features/people/dm-avatar.tsx";
import { RequestBar } from "../features/people/request-bar.tsx";
import { useRelationshipMenu } from "../features/people/use-person-menu.tsx";
import { RetentionMark } from "../features/retention/retention-mark.tsx";
import { SearchBox } from "../features/search/search-box.tsx";
import { SearchPane } from "../features/search/search-pane.tsx";
import { MainPane } from "../layout/main-pane.tsx";
import { NotFoundPane } from "../layout/not-found-pane.tsx";
import { IconButton } from "../ui/icon-button.tsx";
import type { MenuEntry } from "../ui/menu-item.ts";
import { Menu } from "../ui/menu.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { lazyWithTexts } from "../i18n/lazy-with-texts.ts";

const FriendsPane = lazyWithTexts(async () => (await import("../features/people/friends-pane.tsx")).FriendsPane);

/** The pages at `/dms[/:channelId[/:messageId]]`. */
export function DmsPage() {
  const { channelId } = useRouteIds();
  const ready = useClientState((state) => state.connection.ready);
  const isKnown = useClientState((state) => channelId !== null && channelId in state.dms);
  const [lastKnown, setLastKnown] = useState<number | null>(null);
  if (isKnown && lastKnown !== channelId) setLastKnown(channelId);
  if (channelId === null) {
    return (
      <LazyPart loading={<LoadingPane />}>
        <FriendsPane buttons={<InboxButton />} />
      </LazyPart>
    );
  }
  // Left, or removed by the group's owner.
  if (!isKnown && ready && lastKnown === channelId) return <Redirect to={paths.dms} replace />;
  if (!isKnown) return ready ? <NotFoundPane /> : <LoadingPane />;
  return <Conversation channelId={channelId} />;
}

/** Memoised: each new message changes the state above, which must not render the conversation again. */
const Conversation = memo(function Conversation({ channelId }: { channelId: number }) {
  const { messageId } = useRouteIds();
  const name = useClientState((state) => dmName(state, channelId));
  const isRequest = useClientState((state) => state.dms[channelId]?.isRequest);
  usePageTitle(name);
  const title = (
    <div className="flex min-w-0 items-center gap-3">
      <h1 className="flex min-w-0 font-semibold">
        <PersonButton channelId={channelId}>
          <DmAvatar channelId={channelId} />
          <span dir="auto" className="truncate">
            {name}
          </span>
        </PersonButton>
      </h1>
      <RetentionMark channelId={channelId} />
    </div>
  );
  return (
    <>
      <MainPane
        title={title}
        buttons={
          <>
            <CallButton channelId={channelId} />
            <SearchBox place={{ serverId: null, channelId }} />
            <InboxButton />
            <ConversationMenu channelId={channelId} />
          </>
        }
      >
        <CallPane channelId={channelId} />
        <ChannelView
          key={channelId}
          serverId={null}
          channelId={channelId}
          messageId={messageId}
          foot={isRequest && <RequestBar channelId={channelId} />}
        />
      </MainPane>
      <SearchPane place={{ serverId: null, channelId }} />
    </>
  );
});

/** Shows who the other person is; a group has no card. */
function PersonButton({ channelId, children }: { channelId: number; children: ReactNode }) {
  const isGroup = useClientState((state) => state.channels[channelId]?.type === "group");
  const other = useClientState((state) => othersIn(state, channelId)[0]);
  const className = "flex min-w-0 items-center gap-2.5";
  if (isGroup || !other || other.is_deleted) return <span className={className}>{children}</span>;
  return (
    <button type="button" onClick={() => openCard(null, other)} className={`${className} rounded-md hover:bg-hover`}>
      {children}
    </button>
  );
}

function ConversationMenu({ channelId }: { channelId: number }) {
  const { t } = useTranslation("people");
  const isGroup = useClientState((state) => state.channels[channelId]?.type === "group");
  const other = useClientState((state) => othersIn(state, channelId)[0]);
  const relationship = useRelationshipMenu(other ?? { id: 0 });
  const isEncryptable = useClientState(
    ({ instance, dms }) => instance?.private_call_encryption === true && dms[channelId]?.isRequest === false,
  );
  const calls: MenuEntry[] = [
    {
      label: t("callEncryption.open"),
      icon: <LockKeyhole size={16} />,
      onSelect: () => openDialog({ kind: "private-calls", channelId }),
    },
    "separator",
  ];
  const entries = isEncryptable && other?.is_deleted !== true ? [...calls, ...relationship] : relationship;
  if (isGroup) {
    return (
      <IconButton
        label={t("groupDialog.open")}
        icon={<Users size={19} />}
        tooltipSide="bottom"
        onClick={() => openDialog({ kind: "group", channelId })}
      />
    );
  }
  if (!other) return null;
  return (
    <Menu
      entries={entries}
      trigger={<IconButton label={t("more", { name: other.display_name })} icon={<Ellipsis size={19} />} />}
    />
  );
}

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
