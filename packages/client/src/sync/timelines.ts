import type { ChannelEvent, MainEvent, Message } from "@miscord/protocol";
import type { Hello } from "../connection/transport.ts";
import type { OutgoingMessages } from "../outbox/outgoing-messages.ts";
import type { Timer } from "../platform.ts";
import type { HistoryPageQuery } from "../rest/rest.ts";
import { emptyTimeline } from "../state/initial-state.ts";
import { withTimeline } from "../state/outgoing.ts";
import type { ClientState, Timeline } from "../state/types.ts";
import { ChannelFollower } from "./channel-follower.ts";
import type { ClientContext } from "../client-context.ts";

/** Delay before a closed channel is left, so that switching between two channels does not cost a join each time. */
const lingerMs = 30_000;
const closedTimelinesKept = 10;

interface Options {
  context: ClientContext;
  outgoing: OutgoingMessages;
  onMessage: (message: Message) => void;
}

interface Followed {
  follower: ChannelFollower;
  /** Runs out some time after the channel was closed; null while it is open. */
  linger: Timer | null;
}

/** The open channels, and the timelines kept of channels that were closed. */
export class Timelines {
  readonly #options: Options;
  readonly #context: ClientContext;
  readonly #followed = new Map<number, Followed>();
  /** Closed channels whose timelines are still in the state, in the order of closing. */
  #closed: number[] = [];
  /** First pages on their way, so that opening a channel twice requests its page once. */
  readonly #opening = new Map<number, { around: number | undefined; page: Promise<void> }>();
  #isConnected = false;
  #epoch: string | null = null;

  constructor(options: Options) {
    this.#options = options;
    this.#context = options.context;
  }

  async open(channelId: number, around?: number): Promise<void> {
    const { follower, isNew } = this.#follow(channelId);
    const opening = this.#opening.get(channelId);
    if (!isNew && opening && opening.around === around) return opening.page;
    const query: HistoryPageQuery = around === undefined ? {} : { around };
    const status = this.#timeline(channelId)?.status;
    const isMissing = status !== "ready";
    const isElsewhere = around !== undefined && !this.#timeline(channelId)?.messages.some(({ id }) => id === around);
    const isLoaded = isMissing || isElsewhere;
    const loaded = isLoaded ? this.#open(channelId, around, follower.loadInsistently(query, isMissing)) : null;
    if (this.#isConnected && (isNew || status === "failed")) follower.connected();
    await loaded;
  }

  async #open(channelId: number, around: number | undefined, page: Promise<void>): Promise<void> {
    const opening = { around, page };
    this.#opening.set(channelId, opening);
    try {
      await page;
    } finally {
      if (this.#opening.get(channelId) === opening) this.#opening.delete(channelId);
    }
  }

  close(channelId: number): void {
    const followed = this.#followed.get(channelId);
    if (!followed || followed.linger) return;
    followed.linger = this.#context.clock.setTimeout(() => this.#leave(channelId), lingerMs);
  }

  follower(channelId: number): ChannelFollower | null {
    return this.#followed.get(channelId)?.follower ?? null;
  }

  /** Events of the channel may have been missed: it joins again. */
  interrupted(channelId: number): void {
    if (this.#isConnected) this.follower(channelId)?.connected();
  }

  /** True when every open channel is joined and loaded. */
  get areLive(): boolean {
    return [...this.#followed.values()].every(({ follower }) => follower.isLive);
  }

  get openIds(): number[] {
    return [...this.#followed.keys()];
  }

  connected({ epoch }: Hello): void {
    this.#isConnected = true;
    // A changed epoch means that the data was restored from a backup: earlier positions are invalid.
    if (this.#epoch !== null && epoch !== null && this.#epoch !== epoch) this.#forgetPositions();
    this.#epoch = epoch ?? this.#epoch;
    for (const { follower } of this.#followed.values()) follower.connected();
  }

  disconnected(): void {
    this.#isConnected = false;
    for (const { follower } of this.#followed.values()) follower.disconnected();
  }

  receive(state: ClientState, events: readonly MainEvent[]): ClientState {
    const byChannel = Map.groupBy(events.filter(isChannelEvent), (event) => event.channel_id);
    return [...byChannel].reduce(
      (current, [channelId, group]) => this.#followed.get(channelId)?.follower.receive(current, group) ?? current,
      state,
    );
  }

  synced(event: Extract<MainEvent, { type: "channel_synced" }>): void {
    this.#followed.get(event.channel_id)?.follower.synced(event);
  }

  refused(channelId: number, error: Extract<MainEvent, { type: "error" }>): void {
    this.#followed.get(channelId)?.follower.refused(error);
  }

  /** These channels were deleted, or the user lost access to them. */
  remove(channelIds: readonly number[]): void {
    for (const channelId of channelIds) this.#end(channelId);
    this.#closed = this.#closed.filter((channelId) => !channelIds.includes(channelId));
  }

  clear(): void {
    for (const channelId of this.#followed.keys()) this.#end(channelId);
    this.#closed = [];
    this.#epoch = null;
  }

  #follow(channelId: number): { follower: ChannelFollower; isNew: boolean } {
    // A channel that was lost and came back is followed anew.
    if (this.#followed.has(channelId) && !this.#timeline(channelId)) this.#end(channelId);
    const followed = this.#followed.get(channelId);
    followed?.linger?.cancel();
    if (followed) followed.linger = null;
    if (followed) return { follower: followed.follower, isNew: false };
    const follower = new ChannelFollower({
      channelId,
      context: this.#context,
      onApplied: (events) => this.#announce(events),
      onArrived: (messages) => this.#options.outgoing.arrived(channelId, messages),
    });
    this.#followed.set(channelId, { follower, linger: null });
    this.#closed = this.#closed.filter((id) => id !== channelId);
    if (!this.#timeline(channelId))
      this.#put(channelId, { ...emptyTimeline(), outbox: this.#options.outgoing.outbox.of(channelId) });
    return { follower, isNew: true };
  }

  #leave(channelId: number): void {
    this.#end(channelId);
    // The list of a forum's posts joins it as well.
    if (!this.#context.state().forums[channelId]) this.#context.send({ type: "leave_channel", channel_id: channelId });
    this.#closed.push(channelId);
    const dropped = this.#closed.splice(0, Math.max(0, this.#closed.length - closedTimelinesKept));
    this.#drop(dropped);
  }

  #end(channelId: number): void {
    const followed = this.#followed.get(channelId);
    followed?.linger?.cancel();
    followed?.follower.end();
    this.#followed.delete(channelId);
  }

  #announce(events: readonly ChannelEvent[]): void {
    for (const event of events) {
      if (event.type === "new_message") this.#options.onMessage(event.data);
    }
  }

  #forgetPositions(): void {
    this.#drop(this.#closed);
    this.#closed = [];
    for (const channelId of this.#followed.keys())
      this.#change(channelId, (timeline) => ({ ...timeline, status: "loading", seq: 0 }));
  }

  #drop(channelIds: readonly number[]): void {
    const gone = new Set(channelIds);
    if (gone.size === 0) return;
    this.#context.update((state) => {
      const kept = Object.entries(state.timelines).filter(([channelId]) => !gone.has(Number(channelId)));
      return { ...state, timelines: Object.fromEntries(kept) };
    });
  }

  #put(channelId: number, timeline: Timeline): void {
    this.#context.update((state) => ({ ...state, timelines: { ...state.timelines, [channelId]: timeline } }));
  }

  #change(channelId: number, step: (timeline: Timeline) => Timeline): void {
    this.#context.update((state) => withTimeline(state, channelId, step));
  }

  #timeline(channelId: number): Timeline | undefined {
    return this.#context.state().timelines[channelId];
  }
}

function isChannelEvent(event: MainEvent): event is ChannelEvent {
  return (
    event.type === "new_message" ||
    event.type === "message_edited" ||
    event.type === "message_deleted" ||
    event.type === "reaction_updated"
  );
}
