import type { Channel, LegacyChannel, LegacyNotificationsEvent, MainEvent } from "@miscord/protocol";
import type { WireCodec } from "../../delivery/wire-codec.ts";

/** Codec of `/ws/legacy/notifications`, in which `channel_id` is the id of the server. */
export const legacyNotificationsCodec: WireCodec = {
  name: "legacy notifications",
  batches: false,
  encode(event) {
    const encoded = toWire(event);
    return encoded && JSON.stringify(encoded);
  },
};

function toWire(event: MainEvent): LegacyNotificationsEvent | null {
  switch (event.type) {
    case "user_status_changed":
      return { ...event, is_online: event.status !== "offline" };
    case "ping":
    case "pong":
    case "error":
      return event;
    default:
      return ofServers(event) ?? ofMembers(event) ?? ofChannels(event) ?? ofVoice(event);
  }
}

function ofServers(event: MainEvent): LegacyNotificationsEvent | null {
  switch (event.type) {
    case "server_joined": {
      const { id, name, owner_id, created_at, channels } = event.server;
      return {
        type: "server_created",
        server: { id, name, owner_id, created_at, channels: channels.map(legacyChannel) },
      };
    }
    case "server_updated": {
      const { id, name } = event.server;
      return { type: "server_updated", server_id: id, channel_id: id, name };
    }
    // Every former member gets `server_left`; encoding the broadcast `server_deleted` too would send it twice.
    case "server_left": {
      const { server_id, server_name, reason } = event;
      return { type: "server_deleted", server_id, channel_id: server_id, server_name, reason };
    }
    default:
      return null;
  }
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
      return channel.type === "text"
        ? { type: "text_channel_created", channel_id, text_channel: channel, created_by }
        : { type: "voice_channel_created", channel_id, voice_channel: channel, created_by };
    }
    case "channel_updated":
      return channelUpdated(event.server_id, { channel: legacyChannel(event.channel) });
    case "channel_deleted":
      return channelUpdated(event.server_id, { deleted_channel_id: event.channel_id });
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

function ofVoice(event: MainEvent): LegacyNotificationsEvent | null {
  switch (event.type) {
    case "voice_channel_join": {
      const { type, user, ...where } = event;
      return { type, user_id: user.id, username: user.username, ...voiceChannel(where) };
    }
    case "voice_channel_leave": {
      const { type, user_id, username, ...where } = event;
      return { type, user_id, username, ...voiceChannel(where) };
    }
    case "screen_share_started":
    case "screen_share_stopped": {
      const { type, user_id, username, channel_id, server_id } = event;
      return { type, user_id, username, voice_channel_id: channel_id, channel_id: server_id };
    }
    default:
      return null;
  }
}

function voiceChannel(where: { server_id: number; channel_id: number; channel_name: string }) {
  const { server_id, channel_id, channel_name } = where;
  return { voice_channel_id: channel_id, voice_channel_name: channel_name, channel_id: server_id };
}

/** Leaves out the fields that only `/ws/main` has. */
function legacyChannel({ id, server_id, name, type, position }: Channel): LegacyChannel {
  return { id, server_id, serverId: server_id, name, type, position };
}
