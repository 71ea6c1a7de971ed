import {
  scopeText,
  type MainEvent,
  type NotificationLevelBody,
  type NotificationScope,
  type ServerState,
} from "@miscord/protocol";
import { reducePrivate, showPrivate } from "../state/reduce-private.ts";
import { reduceEvents } from "../state/reduce.ts";
import { addInboxPage, hasUnknown, markRead, mayRemoveUnknown, reduceInbox, showInbox } from "../state/reduce-inbox.ts";
import { addThread, withoutThreads } from "../state/reduce-threads.ts";
import { showServers, withoutChannels } from "../state/reduce-servers.ts";
import { idsGone } from "../state/removed-notifications.ts";
import { noteLoaded } from "../state/reduce-unread.ts";
import type { ClientState } from "../state/types.ts";
import type { ClientEvents } from "../client.ts";
import { ApiError } from "../rest/api-error.ts";
import type { ClientContext } from "../client-context.ts";
import type { EventEmitter } from "../event-emitter.ts";
import type { Timer } from "../platform.ts";
import { EventReplay } from "./event-replay.ts";
import { InsistentLoad } from "./insistent-load.ts";
import type { Members } from "./members.ts";
import { countsMembers, dependsOnWhen, hasReturned, isSureOf } from "./reapplied-events.ts";

const retryMs = 2_000;
const roundsAllowed = 5;
const nothingPrivate = { dms: [], relationships: [] };
const inboxSpreadMs = 2_000;

interface Options {
  context: ClientContext;
  emitter: EventEmitter<ClientEvents>;
  members: Members;
  /** Applies read positions that the server may not know yet. */
  withOwnReads: (state: ClientState) => ClientState;
  /** Uniform in [0, 1). */
  random: () => number;
}

/** Servers and inbox: fetched after every connect and updated by events from then on. */
export class AccountSync {
  readonly #context: ClientContext;
  readonly #emitter: Options["emitter"];
  readonly #members: Members;
  readonly #withOwnReads: Options["withOwnReads"];
  readonly #replay = new EventReplay<MainEvent>();
  /** Counts connects and disconnects; results of fetches from an earlier connection are dropped. */
  #connection = 0;
  #loading: Promise<void> = Promise.resolve();
  #isResyncing = false;
  #isResyncWanted = false;
  readonly #random: Options["random"];
  readonly #me: InsistentLoad;
  readonly #inbox: InsistentLoad;
  #inboxTimer: Timer | null = null;
  /** Counts requests of the own account; an answer to one before `#meShown` is dropped. */
  #meAsked = 0;
  #meShown = 0;

  constructor({ context, emitter, members, withOwnReads, random }: Options) {
    this.#members = members;
    this.#emitter = emitter;
    this.#random = random;
    this.#context = context;
    this.#withOwnReads = withOwnReads;
    this.#me = new InsistentLoad(context.clock, () => this.reloadMe());
    this.#inbox = new InsistentLoad(context.clock, () => this.loadInbox());
  }

  connected(): void {
    this.#connection += 1;
    this.#loading = this.#load(this.#connection);
  }

  disconnected(): void {
    this.#connection += 1;
    this.#me.stop();
    this.#inbox.stop();
    this.#inboxTimer?.cancel();
    this.#inboxTimer = null;
  }

  /** The own account has changed, or may have. */
  meChanged(): void {
    this.#me.start();
  }

  /** Loads everything again, because the server has missed events; the connection and what is shown stay as they are. */
  resync(): void {
    this.#isResyncWanted = true;
    if (!this.#isResyncing) void this.#resync();
  }

  receive(state: ClientState, events: readonly MainEvent[]): ClientState {
    this.#replay.record(events);
    const changed = reduceEvents(state, events, this.#context.clock.now());
    const hasRead = (event: MainEvent) => event.type === "notifications_read" && hasUnknown(state.inbox, event.ids);
    if (events.some(hasRead) || hasReturned(state, events)) {
      this.#context.defer(() => this.#inbox.start());
    } else if (events.some((event) => mayRemoveUnknown(state.inbox, changed.inbox, event))) {
      this.#context.defer(() => this.#loadInboxSoon());
    }
    // The notifications of the channel come with it.
    if (state.inbox.loaded && events.some(({ type }) => type === "channel_added")) {
      this.#context.defer(() => this.#loadInboxSoon());
    }
    return changed;
  }

  /**
   * Shows the servers while the main connection is still being established; once it is, they are loaded again, with
   * the events from then on.
   */
  async loadServers(): Promise<void> {
    const isEarly = () => !this.#context.state().connection.ready;
    if (!isEarly()) return;
    const servers = await this.#listServers();
    if (isEarly()) this.#show((state) => showServers(state, servers), []);
  }

  /** Shows a thread that the user may not follow. Resolves to false when there is none. */
  async loadThread(threadId: number): Promise<boolean> {
    const ask = () => this.#context.rest.getThread(threadId);
    try {
      await this.#replay.during(ask, (thread, since) => this.#show((state) => addThread(state, thread), since));
      return true;
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== "not_found") throw error;
      this.#update((state) => (state.threads[threadId] ? withoutChannels(state, [threadId]) : state));
      return false;
    }
  }

  async openDm(userIds: readonly number[], name: string | null = null): Promise<number> {
    const channel = await this.#context.rest.openDm(userIds, name);
    this.#context.update((state) => reducePrivate(state, { type: "dm_created", channel }));
    return channel.id;
  }

  async loadInbox(): Promise<void> {
    const ask = () => this.#context.rest.listNotifications();
    await this.#untilSure(() =>
      this.#replay.during(ask, (page, since) => {
        this.#showInbox((state) => showInbox(state, page), since);
        return isSureOf(page, since);
      }),
    );
  }

  /** A page that does not continue the list any more when it arrives is not shown, and the next one is loaded anew. */
  async loadMoreInbox(): Promise<void> {
    await this.#untilSure(async () => {
      const { notifications, hasMore } = this.#context.state().inbox;
      const last = notifications.at(-1);
      if (!last || !hasMore) return true;
      const ask = () => this.#context.rest.listNotifications(last.id);
      return this.#replay.during(ask, (page, since) => {
        const isNext = this.#context.state().inbox.notifications.at(-1) === last;
        if (!isNext || since.some(dependsOnWhen)) return false;
        this.#showInbox((state) => addInboxPage(state, page), since);
        return true;
      });
    });
  }

  async setNotificationLevel(scope: NotificationScope, change: NotificationLevelBody): Promise<void> {
    const setting = await this.#context.rest.setNotificationLevel(scopeText(scope), change);
    // In legacy mode no event tells of it.
    if (this.#context.state().connection.mode === "enhanced") return;
    const event = { type: "notification_level_updated", scope: scopeText(scope), setting } as const;
    this.#context.update((state) => reduceEvents(state, [event], this.#context.clock.now()));
  }

  async acceptRules(serverId: number): Promise<void> {
    await this.#context.rest.acceptRules(serverId);
    // In legacy mode no event tells of it.
    const event = { type: "rules_accepted", server_id: serverId } as const;
    this.#context.update((state) => reduceEvents(state, [event], this.#context.clock.now()));
  }

  async reloadMe(): Promise<void> {
    const asked = (this.#meAsked += 1);
    const me = await this.#context.rest.me();
    if (asked < this.#meShown) return;
    this.#meShown = asked;
    this.#context.update((state) =>
      state.session.me?.id === me.id ? { ...state, session: { ...state.session, me } } : state,
    );
  }

  async markNotificationsRead(ids: readonly number[] | null): Promise<void> {
    this.#context.update((state) => ({ ...state, inbox: markRead(state.inbox, ids) }));
    try {
      await this.#context.rest.markNotificationsRead(ids);
    } catch (error) {
      this.#inbox.start();
      throw error;
    }
  }

  /** Waits for a load that runs: it may have read the state before the events that were missed. */
  async #resync(): Promise<void> {
    this.#isResyncing = true;
    while (this.#isResyncWanted) {
      await this.#loading;
      this.#isResyncWanted = false;
      this.#loading = this.#load(this.#connection);
      await this.#loading;
    }
    this.#isResyncing = false;
  }

  async #load(connection: number): Promise<void> {
    try {
      // At the first connection it has just been read.
      if (connection > 1) this.meChanged();
      await this.#untilSure(() => this.#fetch(connection));
      if (connection !== this.#connection) return;
      this.#context.update((state) => ({ ...state, connection: { ...state.connection, ready: true } }));
      await this.#members.reload();
    } catch {
      this.#context.clock.setTimeout(() => void (connection === this.#connection && this.#load(connection)), retryMs);
    }
  }

  /** Repeats a load while it is false: an event arrived meanwhile that cannot safely be applied to its result. */
  async #untilSure(load: () => Promise<boolean>): Promise<void> {
    const connection = this.#connection;
    for (let round = 1; round <= roundsAllowed; round += 1) {
      if ((await load()) || connection !== this.#connection) return;
    }
  }

  /** Version 1 has no threads either. */
  async #listServers(): Promise<ServerState[]> {
    const { rest, state } = this.#context;
    const servers = await rest.listServers();
    return state().connection.mode === "legacy" ? withoutThreads(servers) : servers;
  }

  async #fetch(connection: number): Promise<boolean> {
    const { rest, state } = this.#context;
    // Version 1 has no private channels: they could be listed, and not opened.
    const listPrivate = () => (state().connection.mode === "legacy" ? nothingPrivate : rest.listPrivate());
    const ask = () => Promise.all([this.#listServers(), rest.listNotifications(), listPrivate()]);
    return this.#replay.during(ask, ([servers, inbox, own], since) => {
      const show = (former: ClientState) =>
        // Votes are loaded anew where a poll is shown: events of them may be missing.
        showInbox(noteLoaded(showPrivate(showServers({ ...former, votes: {} }, servers), own)), inbox);
      if (connection === this.#connection) this.#show(show, since);
      return !since.some(countsMembers) && isSureOf(inbox, since);
    });
  }

  /** Applies the events to the inbox only: the rest of the state already has them. */
  #showInbox(fetched: (state: ClientState) => ClientState, since: readonly MainEvent[]): void {
    this.#update((state) => since.reduce(reduceInbox, fetched(state)));
  }

  /** At a random moment: what removed notifications here did so for many clients at once. */
  #loadInboxSoon(): void {
    this.#inboxTimer ??= this.#context.clock.setTimeout(() => {
      this.#inboxTimer = null;
      this.#inbox.start();
    }, this.#random() * inboxSpreadMs);
  }

  #show(fetched: (state: ClientState) => ClientState, since: readonly MainEvent[]): void {
    const now = this.#context.clock.now();
    this.#update((state) => this.#withOwnReads(reduceEvents(fetched(state), since, now)));
  }

  /** Announces the notifications that were shown and that the loaded inbox lacks. */
  #update(change: (state: ClientState) => ClientState): void {
    const before = this.#context.state().inbox;
    this.#context.update(change);
    const { notifications, hasMore } = this.#context.state().inbox;
    const ids = idsGone(before.notifications, notifications, hasMore);
    if (ids.length > 0) this.#emitter.emit("notifications_removed", ids);
  }
}
