import type { MainEvent } from "@miscord/protocol";
import type { ClientEvents } from "../client.ts";
import type { EventEmitter } from "../event-emitter.ts";
import type { OutgoingMessages } from "../outbox/outgoing-messages.ts";
import type { Typing } from "../actions/typing.ts";
import type { ClientState } from "../state/types.ts";
import type { AccountSync } from "./account-sync.ts";
import { channelOfJoinRef } from "./channel-follower.ts";
import type { ClientContext } from "../client-context.ts";
import type { LazyForums } from "./lazy-forums.ts";
import type { Members } from "./members.ts";
import type { ReadPositions } from "./read-positions.ts";
import type { Timelines } from "./timelines.ts";

interface Options {
  context: ClientContext;
  emitter: EventEmitter<ClientEvents>;
  account: AccountSync;
  forums: LazyForums;
  members: Members;
  timelines: Timelines;
  outgoing: OutgoingMessages;
  reads: ReadPositions;
  typing: Typing;
}

type ServerGone = Extract<MainEvent, { type: "server_left" | "server_deleted" }>;

/** Applies the events of one frame as one change of the state, then passes them to the parts that handle them. */
export class EventRouter {
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  receive(events: readonly MainEvent[]): void {
    const { context, account, forums, members, timelines, emitter } = this.#options;
    const before = context.state();
    for (const event of events) emitter.emit("event", event);
    context.update((state) => forums.receive(timelines.receive(account.receive(state, events), events), events));
    members.receive(events);
    // After the change, so that the events in the frame of a `channel_synced` are in the channel's buffer.
    for (const event of events) this.#dispatch(event);
    this.#announceRemovals(events.filter(isServerGone), before, context.state());
    this.#removeVanished(before, context.state());
    this.#announceRemovedNotifications(before, context.state());
  }

  #dispatch(event: MainEvent): void {
    const { emitter, outgoing, timelines, reads, typing, account, forums } = this.#options;
    switch (event.type) {
      case "message_ack":
        return outgoing.acked(event, timelines.follower(event.channel_id) !== null);
      case "channel_synced":
        forums.synced(event.channel_id);
        return timelines.synced(event);
      case "error":
        return this.#refused(event);
      case "read_updated":
        return reads.confirmed(event.channel_id, event.seq, event.read_generation);
      case "typing":
        return typing.watch();
      case "notification":
        return emitter.emit("notification", event.data);
      case "resync":
        account.meChanged();
        forums.reload();
        return account.resync();
      case "me_updated":
        return account.meChanged();
      default:
    }
  }

  #refused(error: Extract<MainEvent, { type: "error" }>): void {
    const { outgoing, timelines, forums } = this.#options;
    const channelId = channelOfJoinRef(error.ref);
    if (channelId !== null) {
      timelines.refused(channelId, error);
      forums.refused(channelId, error);
    } else outgoing.outbox.refuse(error);
  }

  /**
   * A deleted server causes two events, `server_deleted` and `server_left`; an owner who deleted it gets no
   * notification.
   */
  #announceRemovals(events: readonly ServerGone[], before: ClientState, after: ClientState): void {
    for (const serverId of before.serverIds.filter((id) => !after.servers[id])) {
      const server = before.servers[serverId]!;
      const event = events.find((candidate) => candidate.server_id === serverId);
      const reason = event?.type === "server_left" ? event.reason : "deleted";
      const isOwnDoing = reason === "left" || server.owner_id === before.session.me?.id;
      if (!isOwnDoing) this.#options.emitter.emit("removed_from_server", { serverId, name: server.name, reason });
    }
  }

  #announceRemovedNotifications(before: ClientState, after: ClientState): void {
    if (before.inbox.notifications === after.inbox.notifications) return;
    const present = new Set(after.inbox.notifications.map(({ id }) => id));
    const ids = before.inbox.notifications.map(({ id }) => id).filter((id) => !present.has(id));
    if (ids.length > 0) this.#options.emitter.emit("notifications_removed", ids);
  }

  #removeVanished(before: ClientState, after: ClientState): void {
    if (before.channels === after.channels) return;
    const vanished = Object.keys(before.channels)
      .map(Number)
      .filter((id) => !after.channels[id]);
    if (vanished.length === 0) return;
    this.#options.timelines.remove(vanished);
    this.#options.outgoing.abandon(vanished);
  }
}

function isServerGone(event: MainEvent): event is ServerGone {
  return event.type === "server_left" || event.type === "server_deleted";
}
