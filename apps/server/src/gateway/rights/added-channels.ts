import type { ChannelType, MainEvent, VoiceState } from "@miscord/protocol";
import type { Kysely } from "kysely";
import { chunks } from "../../chunks.ts";
import type { ChannelRights } from "../../store/queries/roles.ts";
import { unreadIn, unreadInMany } from "../../store/queries/unread.ts";
import type { Tables } from "../../store/schema.ts";
import type { ClientSession } from "../client-session/client-session.ts";

/** The session's user sees the channel now. */
export interface Gain {
  readonly session: ClientSession;
  readonly channelId: number;
  /** Resolves once the session receives the channel's events; null when it does already. */
  readonly subscribed: Promise<void> | null;
}

type Added = Extract<MainEvent, { type: "channel_added" }>;

/** Users in one query; bounds the parameters of its statement. */
const usersAtOnce = 500;

interface Shown {
  readonly session: ClientSession;
  readonly events: readonly Added[];
}

interface Present {
  readonly channels: ReadonlyMap<number, ChannelRights>;
  readonly voiceStates: readonly VoiceState[];
}

/** The events that show sessions their new channels, with the unread state of each user. */
export async function* addedChannels(
  db: Kysely<Tables>,
  gains: readonly Gain[],
  present: Present,
): AsyncGenerator<Shown> {
  const isOpen = ({ channelId }: Gain) => present.channels.get(channelId)?.isRestricted === false;
  yield* openChannels(db, gains.filter(isOpen), present);
  yield* restrictedChannels(
    db,
    gains.filter((gain) => !isOpen(gain)),
    present,
  );
}

/** Channels that all members see, by session: there may be hundreds for each of thousands. */
async function* openChannels(
  db: Kysely<Tables>,
  gains: readonly Gain[],
  { channels, voiceStates }: Present,
): AsyncGenerator<Shown> {
  const bySession = [...Map.groupBy(gains, ({ session }) => session)];
  for (const some of chunks(bySession, usersAtOnce)) {
    const userIds = [...new Set(some.map(([{ userId }]) => userId))];
    const channelIds = [...new Set(some.flatMap(([, own]) => own.map(({ channelId }) => channelId)))];
    const unread = await unreadInMany(db, channelIds, userIds);
    for (const [session, own] of some) {
      const states = unread.get(session.userId);
      const events = categoriesFirst(own.flatMap(({ channelId }) => channels.get(channelId) ?? [])).map((channel) =>
        addedEvent(channel, states?.get(channel.id) ?? { readSeq: 0, generation: 0, mentions: 0 }, voiceStates),
      );
      yield { session, events };
    }
  }
}

/** So that the channels in them find them. */
function categoriesFirst(channels: readonly ChannelRights[]): ChannelRights[] {
  return channels.toSorted((a, b) => Number(b.type === "category") - Number(a.type === "category"));
}

async function* restrictedChannels(
  db: Kysely<Tables>,
  gains: readonly Gain[],
  { channels, voiceStates }: Present,
): AsyncGenerator<Shown> {
  const byChannel = Map.groupBy(gains, (gain) => gain.channelId);
  for (const channel of categoriesFirst([...byChannel.keys()].flatMap((id) => channels.get(id) ?? []))) {
    for (const some of chunks(byChannel.get(channel.id) ?? [], usersAtOnce)) {
      const unread = await unreadIn(db, channel.id, [...new Set(some.map(({ session }) => session.userId))]);
      const byUser = new Map(unread.map((one) => [one.userId, one]));
      for (const { session } of some) {
        // Users who do not see it any more are absent.
        const own = byUser.get(session.userId);
        if (own) yield { session, events: [addedEvent(channel, own, voiceStates)] };
      }
    }
  }
}

function addedEvent(
  channel: ChannelRights,
  { readSeq, generation, mentions }: { readSeq: number; generation: number; mentions: number },
  voiceStates: readonly VoiceState[],
): Added {
  const { id, server_id, name, type, overrides, last_message_seq } = channel;
  const { position, category_id, topic, slow_mode_s, is_encrypted, region, retention, forum } = channel;
  const ofKind = { ...(is_encrypted !== undefined && { is_encrypted, region }), ...(forum && { forum }) };
  const settings = { position, category_id, topic, slow_mode_s, retention, ...ofKind };
  const state = { id, server_id, name, type: type as ChannelType, ...settings, overrides, last_message_seq };
  return {
    type: "channel_added",
    server_id,
    channel: {
      ...state,
      read_seq: readSeq,
      ...(generation > 0 && { read_generation: generation }),
      mention_count: mentions,
    },
    voice_states: voiceStates.filter(({ channel_id }) => channel_id === id),
  };
}
