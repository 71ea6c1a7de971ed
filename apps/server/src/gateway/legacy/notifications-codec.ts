import type {
  Channel,
  LegacyChannel,
  LegacyNotificationsEvent,
  LegacyUser,
  MainEvent,
  ServerState,
} from "@miscord/protocol";
import type { WireCodec } from "../../delivery/wire-codec.ts";
import type { Names } from "./names.ts";

/** Codec of `/ws/legacy/notifications`, in which `channel_id` is the id of the server. */
export function legacyNotificationsCodec(names: Names): WireCodec {
  return {
    name: "legacy notifications",
    batches: false,
    encode(event) {
      const encoded = toWire(event, names);
      return encoded && JSON.stringify(encoded);
    },
    prepare: (events) => names.prepare(events.flatMap(actorIdsIn)),
  };
}

/** Users whose names the event does not carry. */
function actorIdsIn(event: MainEvent): number[] {
  switch (event.type) {
    case "server_joined":
      return [event.server.owner_id];
    case "server_updated":
    case "server_left":
      return event.actor_id === undefined ? [] : [event.actor_id];
    default:
      return [];
  }
}

function toWire(event: MainEvent, names: Names): LegacyNotificationsEvent | null {
  switch (event.type) {
    case "user_status_changed":
      return { ...event, is_online: event.status !== "offline" };
    case "instance_updated":
      return { type: "announcement", announcement: event.instance.announcement };
    case "ping":
    case "pong":
    case "error":
      return event;
    default:
      return ofServers(event, names) ?? ofMembers(event) ?? ofChannels(event) ?? ofVoice(event);
  }
}

function ofServers(event: MainEvent, names: Names): LegacyNotificationsEvent | null {
  switch (event.type) {
    case "server_joined":
      return serverCreated(event.server, names);
    case "server_updated": {
      const { id, name } = event.server;
      const updated_by = person(names.of(event.actor_id ?? event.server.owner_id));
      return { type: "server_updated", server_id: id, channel_id: id, name, updated_by };
    }
    // Every former member gets `server_left`; encoding the broadcast `server_deleted` too would send it twice.
    case "server_left": {
      const { server_id, server_name, reason } = event;
      const deleted_by = person(names.of(event.actor_id ?? 0));
      return { type: "server_deleted", server_id, channel_id: server_id, server_name, reason, deleted_by };
    }
    default:
      return null;
  }
}

function serverCreated(server: ServerState, names: Names): LegacyNotificationsEvent {
  const { id, name, owner_id, created_at, member_count } = server;
  const owner = names.of(owner_id);
  const channels = server.channels.flatMap((channel) => legacyChannel(channel) ?? []);
  const [text_channels, voice_channels] = (["text", "voice"] as const).map((type) =>
    channels.filter((channel) => channel.type === type),
  );
  return {
    type: "server_created",
    server: {
      id,
      name,
      owner_id,
      created_at,
      owner,
      members_count: member_count,
      channels,
      text_channels: text_channels!,
      voice_channels: voice_channels!,
    },
    created_by: person(owner),
  };
}

function person({ id, username }: LegacyUser): Pick<LegacyUser, "id" | "username"> {
  return { id, username };
}

function ofMembers(event: MainEvent): LegacyNotificationsEvent | null {
  switch (event.type) {
    case "channel_invitation": {
      const { type, channel_id, channel_name, invited_by, invite_code } = event;
      return { type, channel_id, channel_name, invited_by: invited_by.username, invite_code };
    }
    case "member_joined": {
      const { id, username } = event.member;
      return { type: "user_joined_channel", user_id: id, username, channel_id: event.server_id };
    }
    case "user_updated": {
      const { id, username, display_name, avatar_url } = event.user;
      return { type: "user_profile_updated", user_id: id, username, display_name, avatar_url };
    }
    case "member_left": {
      const { user_id, username, server_id } = event;
      return { type: "user_left_channel", user_id, username, channel_id: server_id };
    }
    default:
      return null;
  }
}

function ofChannels(event: MainEvent): LegacyNotificationsEvent | null {
  switch (event.type) {
    case "channel_created": {
      const channel = legacyChannel(event.channel);
      const { server_id: channel_id, created_by } = event;
      if (!channel) return null;
      return channel.type === "text"
        ? { type: "text_channel_created", channel_id, text_channel: channel, created_by }
        : { type: "voice_channel_created", channel_id, voice_channel: channel, created_by };
    }
    case "channel_updated":
    case "channel_added": {
      const channel = legacyChannel(event.channel);
      return channel && channelUpdated(event.server_id, { channel });
    }
    case "channel_deleted":
    case "channel_removed":
      // Private channels and categories do not exist for clients of version 1.
      return event.server_id === null || event.is_category
        ? null
        : channelUpdated(event.server_id, { deleted_channel_id: event.channel_id });
    case "channels_reordered":
      return channelUpdated(event.server_id, { channel_order: event.channel_ids });
    default:
      return null;
  }
}

type Changes = Extract<LegacyNotificationsEvent, { type: "channel_updated" }>["changes"];

function channelUpdated(serverId: number, changes: Changes): LegacyNotificationsEvent {
  return { type: "channel_updated", channel_id: serverId, changes };
}

/** Calls of private channels, which have no server, do not exist for clients of version 1. */
function ofVoice(event: MainEvent): LegacyNotificationsEvent | null {
  switch (event.type) {
    case "voice_channel_join": {
      const { type, user, ...where } = event;
      const channel = voiceChannel(where);
      return channel && { type, user_id: user.id, username: user.username, ...channel };
    }
    case "voice_channel_leave": {
      const { type, user_id, username, ...where } = event;
      const channel = voiceChannel(where);
      return channel && { type, user_id, username, ...channel };
    }
    case "screen_share_started":
    case "screen_share_stopped": {
      const { type, user_id, username, channel_id, server_id } = event;
      return server_id === null
        ? null
        : { type, user_id, username, voice_channel_id: channel_id, channel_id: server_id };
    }
    default:
      return null;
  }
}

function voiceChannel(where: { server_id: number | null; channel_id: number; channel_name: string }) {
  const { server_id, channel_id, channel_name } = where;
  if (server_id === null) return null;
  return { voice_channel_id: channel_id, voice_channel_name: channel_name, channel_id: server_id };
}

/** Leaves out the fields that only `/ws/main` has. Null for a category, a stage and a forum: version 1 has none. */
function legacyChannel({ id, server_id, name, type, position }: Channel): LegacyChannel | null {
  if (type === "category" || type === "stage" || type === "forum") return null;
  return { id, server_id, serverId: server_id, name, type, position };
}
