import type { ChannelType, MainEvent } from "@miscord/protocol";
import type { ChannelRights } from "../../store/queries/roles.ts";
import type { ClientSession } from "../client-session/client-session.ts";

type Channels = ReadonlyMap<number, ChannelRights>;
type EventOf<Type extends MainEvent["type"]> = Extract<MainEvent, { type: Type }>;

/** Whether the session's user sees the channel, once its subscriptions are those of the user's rights. */
export function sees(session: ClientSession, { id, isRestricted }: ChannelRights): boolean {
  return !isRestricted || session.views(id);
}

function categoryFor(session: ClientSession, categoryId: number | null, channels: Channels): number | null {
  const category = categoryId === null ? undefined : channels.get(categoryId);
  return category && sees(session, category) ? category.id : null;
}

/** The event without a category that the session's user does not see. */
export function withSeenCategory(
  event: EventOf<"channel_added">,
  session: ClientSession,
  channels: Channels,
): EventOf<"channel_added"> {
  const category_id = categoryFor(session, event.channel.category_id, channels);
  return { ...event, channel: { ...event.channel, category_id } };
}

export function updatedEvent(
  channel: ChannelRights,
  session: ClientSession,
  channels: Channels,
): EventOf<"channel_updated"> {
  const { id, server_id, name, type, position, overrides, topic, slow_mode_s, retention, forum } = channel;
  const category_id = categoryFor(session, channel.category_id, channels);
  const state = {
    id,
    server_id,
    name,
    type: type as ChannelType,
    position,
    category_id,
    overrides,
    topic,
    slow_mode_s,
    retention,
    ...(forum && { forum }),
  };
  return { type: "channel_updated", server_id, channel: state };
}
