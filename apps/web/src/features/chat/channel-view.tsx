export interface ChannelViewProps {
  serverId: number;
  channelId: number;
  /** From a message link: open there instead of at the present. */
  messageId: number | null;
}

/** Everything below the channel's header: timeline, typing line, composer. Fills its parent (a flex column). */
export function ChannelView(_props: ChannelViewProps) {
  return <div className="min-h-0 flex-1" />;
}
