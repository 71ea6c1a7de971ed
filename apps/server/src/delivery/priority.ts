import type { MainEvent, TransientEvent } from "@miscord/protocol";

/**
 * Priority of a transient event. Of each subject only the latest event is kept until the flush.
 *
 * - `coalesced`: waits until `coalescedDueAt` for the topic's next flush, to share its frame.
 * - `throttled`: sent at most once per `throttledIntervalMs`; none is lost while the connection keeps up.
 * - `droppable`: throttled too, and most are dropped in a crowd, as few pending subjects are kept.
 *
 * Every event that is not transient is normal: it waits for the flush interval only, and is never dropped or merged.
 */
export type LowPriority = "coalesced" | "throttled" | "droppable";

const lowPriorities: Readonly<Record<TransientEvent["type"], LowPriority>> = {
  typing: "coalesced",
  user_status_changed: "throttled",
  voice_speaking: "throttled",
  channel_activity: "throttled",
  user_joined_channel: "droppable",
  user_left_channel: "droppable",
};

export function isTransient(event: MainEvent): event is TransientEvent {
  return event.type in lowPriorities;
}

export function lowPriorityOf(event: TransientEvent): LowPriority {
  return lowPriorities[event.type];
}

/** Key under which events replace each other: a later event with the same subject makes the earlier one obsolete. */
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

/**
 * One event in place of both. Channel activity keeps the channels of both, each with its highest position: nodes gather
 * activity before they publish it, so an earlier position may come later. Of other events the later one remains.
 */
export function merge(earlier: TransientEvent, later: TransientEvent): TransientEvent {
  if (earlier.type !== "channel_activity" || later.type !== "channel_activity") return later;
  const channels = { ...earlier.channels };
  for (const [channelId, seq] of Object.entries(later.channels)) {
    channels[channelId] = Math.max(seq, channels[channelId] ?? 0);
  }
  return { ...later, channels };
}
