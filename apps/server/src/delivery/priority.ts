import type { MainEvent, TransientEvent } from "@miscord/protocol";

/**
 * How a transient event waits. `soon`: leaves with the topic's next flush, which it awaits for a moment. `slow`: at
 * most once a second, none is lost while the connection keeps up. `hint`: as slow, and in a crowd most are not told at
 * all. Everything that is not transient is normal: never dropped, never merged.
 */
export type LowPriority = "soon" | "slow" | "hint";

const lowPriorities: Readonly<Record<TransientEvent["type"], LowPriority>> = {
  typing: "soon",
  user_status_changed: "slow",
  voice_speaking: "slow",
  channel_activity: "slow",
  user_joined_channel: "hint",
  user_left_channel: "hint",
};

export function isTransient(event: MainEvent): event is TransientEvent {
  return event.type in lowPriorities;
}

export function lowPriorityOf(event: TransientEvent): LowPriority {
  return lowPriorities[event.type];
}

/** Of events with the same subject only the last counts. */
export function subjectOf(event: TransientEvent): string {
  switch (event.type) {
    case "typing":
      return `typing:${event.user.id}`;
    case "user_status_changed":
      return `status:${event.user_id}`;
    case "user_joined_channel":
    case "user_left_channel":
      return `present:${event.user.id}`;
    case "voice_speaking":
      return `speaking:${event.channel_id}`;
    default:
      return event.type;
  }
}

/** Both in one: what was said before is kept unless the later event says otherwise. */
export function merge(earlier: TransientEvent, later: TransientEvent): TransientEvent {
  if (earlier.type !== "channel_activity" || later.type !== "channel_activity") return later;
  return { ...later, channels: { ...earlier.channels, ...later.channels } };
}
