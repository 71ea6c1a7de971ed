import type { Dm, DmState, MainEvent, PrivateState, Recipient, Relationship, Ring, User } from "@miscord/protocol";
import { withPresence } from "./presence.ts";
import { withoutChannels } from "./reduce-servers.ts";
import { showPrivateCalls } from "./reduce-voice.ts";
import type { ChannelEntry, ClientState, DmEntry, RelationshipEntry } from "./types.ts";
import { isReadLater, withRead } from "./read-order.ts";

type PrivateChange = Extract<
  MainEvent,
  {
    type:
      | "dm_created"
      | "dm_updated"
      | "dm_activity"
      | "call_ringing"
      | "call_ring_ended"
      | "relationship_updated"
      | "relationship_removed";
  }
>;

type Reads = Pick<ChannelEntry, "last_message_seq" | "read_seq" | "read_generation" | "mention_count">;

export function reducePrivate(state: ClientState, event: PrivateChange): ClientState {
  switch (event.type) {
    case "dm_created":
      return addDm(state, event.channel);
    case "dm_updated":
      return changeDm(state, event.channel);
    case "dm_activity":
      return noteActivity(state, event);
    case "call_ringing":
      return changeRings(state, event.channel_id, (rings) => [...others(rings, event.ring), event.ring]);
    case "call_ring_ended":
      return changeRings(state, event.channel_id, (rings) => rings.filter(({ token }) => token !== event.token));
    case "relationship_updated":
      return putRelationships(state, [event.relationship]);
    case "relationship_removed": {
      const { [event.user_id]: _gone, ...relationships } = state.relationships;
      return { ...state, relationships };
    }
  }
}

/** Replaces private channels and relationships by the fetched ones. */
export function showPrivate(state: ClientState, { dms, relationships }: PrivateState): ClientState {
  const present = new Set(dms.map(({ id }) => id));
  const vanished = Object.keys(state.dms)
    .map(Number)
    .filter((id) => !present.has(id));
  const kept = withoutChannels({ ...state, relationships: {} }, vanished);
  return putRelationships(showPrivateCalls(putDms(kept, dms), dms), relationships);
}

function changeRings(
  state: ClientState,
  channelId: number,
  change: (rings: readonly Ring[]) => readonly Ring[],
): ClientState {
  const known = state.dms[channelId];
  if (!known) return state;
  return { ...state, dms: { ...state.dms, [channelId]: { ...known, rings: inOrder(change(known.rings)) } } };
}

/** A user is rung once at a time. */
function others(rings: readonly Ring[], { user_id }: Ring): readonly Ring[] {
  return rings.filter((one) => one.user_id !== user_id);
}

function inOrder(rings: readonly Ring[]): readonly Ring[] {
  return rings.toSorted((a, b) => a.user_id - b.user_id);
}

/** A changed name or picture of somebody in private channels, or with a relationship. */
export function updatePrivateUser(state: ClientState, user: User): ClientState {
  const dms = Object.entries(state.dms).map(([id, dm]) => [id, { ...dm, recipients: replaced(dm.recipients, user) }]);
  const known = state.relationships[user.id];
  const relationships = known ? { ...state.relationships, [user.id]: { ...known, user } } : state.relationships;
  return { ...state, dms: Object.fromEntries(dms) as ClientState["dms"], relationships };
}

function replaced(recipients: readonly User[], user: User): readonly User[] {
  return recipients.map((one) => (one.id === user.id ? user : one));
}

function putDm(state: ClientState, dm: DmState): ClientState {
  return putDms(state, [dm]);
}

/** All at once: a copy of the state's records for each would take time with the square of their number. */
function putDms(state: ClientState, dms: readonly DmState[]): ClientState {
  const byId = <T>(value: (dm: DmState) => T) => Object.fromEntries(dms.map((dm) => [dm.id, value(dm)]));
  return {
    ...withPresence(
      state,
      dms.flatMap(({ recipients }) => recipients),
    ),
    channels: { ...state.channels, ...byId(channelOf) },
    countedAt: { ...state.countedAt, ...byId((dm) => dm.last_message_seq) },
    dms: {
      ...state.dms,
      ...byId((dm): DmEntry => ({
        ...entryOf(dm),
        last_message_at: dm.last_message_at,
        isRequest: dm.is_request ?? false,
        rings: dm.rings ?? [],
      })),
    },
  };
}

function channelOf(dm: DmState): ChannelEntry {
  return {
    id: dm.id,
    type: dm.type,
    name: dm.name ?? "",
    server_id: null,
    position: 0,
    category_id: null,
    topic: "",
    slow_mode_s: 0,
    retention: null,
    overrides: [],
    ...(dm.notifications && { notifications: dm.notifications }),
    ...readsOf(dm),
  };
}

/**
 * Of a channel that is shown already, what the user has read meanwhile and later messages stay, and its call, of which events
 * told. That of a request was not told.
 */
function addDm(state: ClientState, dm: DmState): ClientState {
  const known = state.channels[dm.id];
  const former = state.dms[dm.id];
  if (!known || !former || former.isRequest) return withCall(mergeDm(state, dm), dm);
  return mergeDm(state, { ...dm, rings: [...former.rings] });
}

function withCall(state: ClientState, { id, voice_states = [] }: DmState): ClientState {
  if (voice_states.length === 0) return state;
  const members = voice_states.map((one) => ({ ...one, is_speaking: false }));
  return { ...state, voice: { ...state.voice, [id]: members } };
}

function mergeDm(state: ClientState, dm: DmState): ClientState {
  const known = state.channels[dm.id];
  const former = state.dms[dm.id];
  if (!known || !former) return putDm(state, dm);
  const isBehind = isReadLater(known, dm) || known.last_message_seq > dm.last_message_seq;
  const countedAt = Math.max(state.countedAt[dm.id] ?? 0, dm.last_message_seq);
  const merged = isBehind ? { ...withRead(dm, known), ...readsOf(known), last_message_at: former.last_message_at } : dm;
  const shown = putDm(state, merged);
  return { ...shown, countedAt: { ...shown.countedAt, [dm.id]: countedAt } };
}

function readsOf(from: Reads): Reads {
  const { last_message_seq, read_seq, mention_count } = from;
  return withRead({ last_message_seq, read_seq, mention_count }, from);
}

function changeDm(state: ClientState, dm: Dm): ClientState {
  const [known, channel] = [state.dms[dm.id], state.channels[dm.id]];
  if (!known || !channel) return state;
  return {
    ...state,
    channels: { ...state.channels, [dm.id]: { ...channel, name: dm.name ?? "" } },
    dms: { ...state.dms, [dm.id]: { ...known, ...entryOf(dm) } },
  };
}

function entryOf({
  recipients,
  name,
  owner_id,
  icon_url,
  calls_encrypted,
}: Dm): Omit<DmEntry, "last_message_at" | "isRequest" | "rings"> {
  return { recipients: recipients.map(userOf), name, owner_id, icon_url, calls_encrypted };
}

function noteActivity(state: ClientState, event: Extract<MainEvent, { type: "dm_activity" }>): ClientState {
  const { channel_id: id, seq, last_message_at } = event;
  const [known, channel] = [state.dms[id], state.channels[id]];
  // The message itself may have come before, and later ones too.
  if (!known || !channel || seq < channel.last_message_seq) return state;
  return {
    ...state,
    channels: { ...state.channels, [id]: { ...channel, last_message_seq: seq } },
    dms: { ...state.dms, [id]: { ...known, last_message_at } },
  };
}

function putRelationships(state: ClientState, relationships: readonly Relationship[]): ClientState {
  const entries = relationships.map(({ user, kind }): [number, RelationshipEntry] => [
    user.id,
    { user: userOf(user), kind },
  ]);
  return {
    ...withPresence(
      state,
      relationships.map(({ user }) => user),
    ),
    relationships: { ...state.relationships, ...Object.fromEntries(entries) },
  };
}

function userOf({ status: _status, custom_status: _custom, ...user }: Recipient): User {
  return user;
}
