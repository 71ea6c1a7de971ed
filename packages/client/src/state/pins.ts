import type { ChannelEvent, Message, Pins } from "@miscord/protocol";
import { putMessage, putReaction, removeMessage, type Messages } from "./messages.ts";
import type { Timeline } from "./types.ts";

/** The timeline with these events applied to its pins, when they are loaded. */
export function followPins(timeline: Timeline, events: readonly ChannelEvent[]): Timeline {
  if (!timeline.pins || events.length === 0) return timeline;
  const pins = events.reduce(applyToPins, timeline.pins);
  return pins === timeline.pins ? timeline : { ...timeline, pins };
}

/**
 * Shows the fetched list. `since`: events applied after it was requested; those that the list has already are followed by
 * others that undo their effect, in it or later.
 */
export function showPins(timeline: Timeline, { messages }: Pins, since: readonly ChannelEvent[]): Timeline {
  return followPins({ ...timeline, pins: messages }, since);
}

function applyToPins(pins: Messages, event: ChannelEvent): Messages {
  switch (event.type) {
    case "new_message":
    case "message_edited":
      return putPin(pins, event.data);
    case "message_deleted":
      return removeMessage(pins, event.data.message_id);
    case "reaction_updated":
      return putReaction(pins, event.data.message_id, event.data.reaction, event.seq);
  }
}

function putPin(pins: Messages, message: Message): Messages {
  const known = pins.find(({ id }) => id === message.id);
  if (known && known.updated_seq > message.updated_seq) return pins;
  if (!message.pinned_at) return known ? pins.filter((pin) => pin !== known) : pins;
  const put = putMessage(pins, message, false);
  return known ? put : [...put, message].toSorted(latestFirst);
}

function latestFirst(one: Message, other: Message): number {
  return (other.pinned_at ?? "").localeCompare(one.pinned_at ?? "") || other.id - one.id;
}
