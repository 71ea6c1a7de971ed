import type { MainEvent } from "@miscord/protocol";
import { isEmojiChange, reduceEmojis } from "./reduce-emojis.ts";
import { reduceInbox } from "./reduce-inbox.ts";
import { reduceNotificationLevel } from "./notification-levels.ts";
import { reduceMemberList } from "./reduce-members.ts";
import { reduceMembers, reducePresence } from "./reduce-people.ts";
import { reducePrivate } from "./reduce-private.ts";
import { reduceRoles } from "./reduce-roles.ts";
import { reduceServers } from "./reduce-servers.ts";
import { reduceThreads } from "./reduce-threads.ts";
import { reduceTyping } from "./reduce-typing.ts";
import { reduceActivity, reduceUnread } from "./reduce-unread.ts";
import { reduceVoice } from "./reduce-voice.ts";
import { withVote } from "./votes.ts";
import { reduceInstance } from "./reduce-instance.ts";
import type { ClientState } from "./types.ts";

/**
 * The state after these events, in their order, except for timelines, which apply events by position (see
 * `timeline.ts`). Frequent events (typing, activity, presence) are combined first, so that a batch copies the state
 * once.
 */
export function reduceEvents(state: ClientState, events: readonly MainEvent[], now: number): ClientState {
  const folded = reduceTyping(reduceActivity(reducePresence(state, events), events), events, now);
  return events.reduce(reduceEvent, folded);
}

function reduceEvent(state: ClientState, event: MainEvent): ClientState {
  switch (event.type) {
    case "server_left":
    case "server_deleted":
    case "channel_deleted":
    case "channel_removed":
      return reduceInbox(reduceServers(state, event), event);
    case "server_joined":
    case "server_updated":
    case "rules_accepted":
    case "onboarded":
    case "channel_created":
    case "channel_updated":
    case "channels_reordered":
    case "channel_added":
    case "overrides_updated":
      return reduceServers(state, event);
    case "role_created":
    case "role_updated":
    case "role_deleted":
    case "roles_reordered":
    case "member_updated":
      return reduceRoles(state, event);
    case "member_list":
      return reduceMemberList(state, event);
    case "member_joined":
    case "member_left":
    case "user_updated":
      return reduceMembers(state, event);
    case "dm_created":
    case "dm_updated":
    case "dm_activity":
    case "call_ringing":
    case "call_ring_ended":
    case "relationship_updated":
    case "relationship_removed":
      return reducePrivate(state, event);
    case "thread_followed":
    case "thread_unfollowed":
    case "thread_updated":
      return reduceThreads(state, event);
    case "read_updated":
      return reduceUnread(state, event);
    case "notification_level_updated":
      return reduceInbox(reduceNotificationLevel(state, event), event);
    case "notification":
    case "notifications_read":
    case "notifications_removed":
    case "reminder_updated":
    case "message_deleted":
      return reduceInbox(state, event);
    case "instance_updated":
      return reduceInstance(state, event.instance);
    default:
      if (isEmojiChange(event)) return reduceEmojis(state, event);
      if (event.type === "poll_voted") return withVote(state, event.message_id, event);
      // Events of calls; others change nothing here.
      return reduceVoice(state, event);
  }
}
