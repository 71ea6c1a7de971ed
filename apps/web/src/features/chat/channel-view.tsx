import type { OutgoingMessage } from "@miscord/client";
import { CloudAlert } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient, useClientState } from "../../core/client.ts";
import { LazyPart } from "../../core/lazy-part.tsx";
import { lazyWithTexts } from "../../i18n/lazy-with-texts.ts";
import { Button } from "../../ui/button.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { Composer } from "../composer/composer.tsx";
import { Announcer } from "./announcer.tsx";
import { useChat } from "./chat-context.ts";
import { ChatProvider } from "./chat-provider.tsx";
import { MessageList } from "./message-list/message-list.tsx";
import { useMessagePrompts } from "./message-prompts.ts";
import { MessageSkeleton } from "./message-skeleton.tsx";
import { buildRows } from "./rows.ts";
import { TimelineRow } from "./timeline-row.tsx";
import { TypingIndicator } from "./typing-indicator.tsx";
import { useOpenChannel } from "./use-open-channel.ts";

const SelectionBar = lazyWithTexts(async () => (await import("./selection/selection-bar.tsx")).SelectionBar);

const DeleteMessageDialog = lazyWithTexts(
  async () => (await import("./delete-message-dialog.tsx")).DeleteMessageDialog,
);

export interface ChannelViewProps {
  /** Null for a private channel. */
  serverId: number | null;
  channelId: number;
  /** Id from a message link: the view opens at that message instead of at the present. */
  messageId: number | null;
  /** Takes the place of the composer. */
  foot?: ReactNode;
}

/** Everything below the channel's header: timeline, typing indicator, composer. Fills its parent, a flex column. */
export function ChannelView({ serverId, channelId, messageId, foot }: ChannelViewProps) {
  useOpenChannel({ channelId, messageId });
  return (
    <ChatProvider serverId={serverId} channelId={channelId}>
      <Timeline channelId={channelId} />
      <TypingIndicator />
      {foot || <Foot serverId={serverId} channelId={channelId} />}
      <Announcer />
      <DeletePrompt />
    </ChatProvider>
  );
}

/** Stays once it was needed, for the dialog's way out. */
function DeletePrompt() {
  const isDeleting = useMessagePrompts(({ deleting }) => deleting !== null);
  const [wasDeleting, setWasDeleting] = useState(isDeleting);
  if (isDeleting && !wasDeleting) setWasDeleting(true);
  if (!wasDeleting) return null;
  return (
    <LazyPart>
      <DeleteMessageDialog />
    </LazyPart>
  );
}

/** The composer, or what is done with chosen messages. */
function Foot({ serverId, channelId }: Pick<ChannelViewProps, "serverId" | "channelId">) {
  const isSelecting = useMessagePrompts(({ selection }) => selection?.channelId === channelId);
  if (!isSelecting) return <Composer serverId={serverId} channelId={channelId} />;
  return (
    <LazyPart>
      <SelectionBar channelId={channelId} />
    </LazyPart>
  );
}

/** Separate from the view, so that a new message renders only the list. */
function Timeline({ channelId }: { channelId: number }) {
  const timeline = useClientState((state) => state.timelines[channelId]);
  if (timeline?.status === "ready") return <MessageList timeline={timeline} />;
  return (
    <>
      {timeline?.status === "failed" ? <FailedTimeline channelId={channelId} /> : <LoadingTimeline />}
      {timeline && <Waiting outbox={timeline.outbox} />}
    </>
  );
}

function LoadingTimeline() {
  const { t } = useTranslation("chat");
  return (
    <div
      role="status"
      aria-label={t("list.loading")}
      className="flex min-h-0 flex-1 flex-col justify-end overflow-hidden"
    >
      <MessageSkeleton />
    </div>
  );
}

/** Shows messages that were written before the channel has loaded, for example without a network. */
function Waiting({ outbox }: { outbox: readonly OutgoingMessage[] }) {
  const { meId } = useChat();
  const rows = buildRows({ messages: [], outbox, meId, newAfterSeq: null, leftAfterSeqs: [] });
  return (
    <div className="max-h-1/2 shrink-0 overflow-y-auto">
      {rows.map((row) => (
        <TimelineRow key={row.key} row={row} isActive highlighted={null} editedId={null} />
      ))}
    </div>
  );
}

function FailedTimeline({ channelId }: { channelId: number }) {
  const { t } = useTranslation("chat");
  const client = useClient();
  return (
    <div className="flex min-h-0 flex-1 overflow-y-auto">
      <EmptyState
        icon={<CloudAlert size={26} aria-hidden />}
        title={t("list.failed")}
        actions={<Button onClick={() => void client.openChannel(channelId)}>{t("list.retry")}</Button>}
      />
    </div>
  );
}
