import type { MainEvent } from "@miscord/protocol";

/** Longest time that news of a channel may be under way from another node. */
const lateMs = 5_000;

/**
 * Channels of a server that some of its members may not see any more. What another node says of them on the server's topic
 * may come late: it applies the change a moment later, and activity gathers before it is published.
 */
export class HiddenChannels {
  readonly #until = new Map<number, number>();
  #lastUntil = 0;

  /** Nothing late can come any more. */
  isOver(now: number): boolean {
    return this.#lastUntil <= now;
  }

  hide(channelIds: readonly number[], now: number): void {
    if (channelIds.length > 0) this.#lastUntil = now + lateMs;
    for (const channelId of channelIds) this.#until.set(channelId, now + lateMs);
  }

  /** All members see these channels now. */
  show(channelIds: readonly number[]): void {
    for (const channelId of channelIds) this.#until.delete(channelId);
  }

  /** The channel of an event that is only for those who see it; null for events for all members. */
  channelOf(event: MainEvent, now: number): number | null {
    const channelId = channelOf(event);
    return channelId !== null && this.#has(channelId, now) ? channelId : null;
  }

  /** Activity without that of hidden channels, whose state has been told to those who see them; null when none is left. */
  withoutHidden<Event extends MainEvent>(event: Event, now: number): Event | null {
    if (event.type !== "channel_activity") return this.channelOf(event, now) === null ? event : null;
    const kept = Object.entries(event.channels).filter(([channelId]) => !this.#has(Number(channelId), now));
    return kept.length === 0 ? null : { ...event, channels: Object.fromEntries(kept) };
  }

  #has(channelId: number, now: number): boolean {
    const untilMs = this.#until.get(channelId);
    if (untilMs === undefined) return false;
    if (untilMs > now) return true;
    this.#until.delete(channelId);
    return false;
  }
}

/** Of events on a server's topic. */
function channelOf(event: MainEvent): number | null {
  switch (event.type) {
    case "channel_created":
    case "channel_updated":
      return event.channel.id;
    case "channel_deleted":
    case "forum_activity":
    case "voice_channel_join":
    case "voice_channel_leave":
    case "voice_speaking":
    case "screen_share_started":
    case "screen_share_stopped":
      return event.channel_id;
    case "voice_state_updated":
      return event.state.channel_id;
    default:
      return null;
  }
}
