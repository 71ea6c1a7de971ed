import type { ChannelType, MainEvent, VoiceState } from "@miscord/protocol";
import type { Kysely } from "kysely";
import type { ChannelRights } from "../../store/queries/roles.ts";
import { unreadIn } from "../../store/queries/unread.ts";
import type { Tables } from "../../store/schema.ts";
import type { ClientSession } from "../client-session/client-session.ts";

/** The session's user sees the channel now. */
export interface Gain {
  readonly session: ClientSession;
  readonly channelId: number;
  /** Resolves once the session receives the channel's events. */
  readonly subscribed: Promise<void>;
}

type Added = Extract<MainEvent, { type: "channel_added" }>;

/** Users in one query; bounds the parameters of its statement. */
const usersAtOnce = 500;

/** The events that show sessions their new channels, with the unread state of each user; one query for many users. */
export async function* addedChannels(
  db: Kysely<Tables>,
  gains: readonly Gain[],
  { channels, voiceStates }: { channels: ReadonlyMap<number, ChannelRights>; voiceStates: readonly VoiceState[] },
): AsyncGenerator<{ session: ClientSession; event: Added }> {
  // Categories first, so that the channels in them find them.
  const byChannel = [...Map.groupBy(gains, (gain) => gain.channelId)]
    .flatMap(([channelId, all]) => {
      const channel = channels.get(channelId);
      return channel ? [{ channel, all }] : [];
    })
    .toSorted((a, b) => Number(b.channel.type === "category") - Number(a.channel.type === "category"));
  for (const { channel, all } of byChannel) {
    for (let start = 0; start < all.length; start += usersAtOnce) {
      const some = all.slice(start, start + usersAtOnce);
      const unread = await unreadIn(db, channel.id, [...new Set(some.map(({ session }) => session.userId))]);
      const byUser = new Map(unread.map((one) => [one.userId, one]));
      for (const { session } of some) {
        // Users who do not see it any more are absent.
        const own = byUser.get(session.userId);
        if (own) yield { session, event: addedEvent(channel, own, voiceStates) };
      }
    }
  }
}

function addedEvent(
  channel: ChannelRights,
  { readSeq, mentions }: { readSeq: number; mentions: number },
  voiceStates: readonly VoiceState[],
): Added {
  const { id, server_id, name, type, overrides, last_message_seq } = channel;
  const { position, category_id, topic, slow_mode_s } = channel;
  const settings = { position, category_id, topic, slow_mode_s };
  const state = { id, server_id, name, type: type as ChannelType, ...settings, overrides, last_message_seq };
  return {
    type: "channel_added",
    server_id,
    channel: { ...state, read_seq: readSeq, mention_count: mentions },
    voice_states: voiceStates.filter(({ channel_id }) => channel_id === id),
  };
}
