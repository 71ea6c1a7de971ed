import type { MainEvent, MembersInSight } from "@miscord/protocol";
import type { Kysely } from "kysely";
import type { Clock, Timer } from "../../clock.ts";
import type { Delivery } from "../../delivery/delivery.ts";
import type { Presence } from "../../domain/ports.ts";
import { MemberList } from "../../domain/servers/member-list.ts";
import { SharedReads } from "../../domain/servers/shared-reads.ts";
import { rosterOf, type Roster } from "../../store/queries/members.ts";
import type { Tables } from "../../store/schema.ts";
import type { ClientSession } from "../client-session/client-session.ts";

export interface MemberListsOptions {
  readonly db: Kysely<Tables>;
  readonly clock: Clock;
  readonly delivery: Delivery;
  readonly presence: Pick<Presence, "statusOf" | "seenOf">;
  readonly onError: (error: unknown) => void;
}

/** The list of one server, while sessions of this node show pages of it. */
interface Shown {
  /** Null until read, and after a change of members or roles. */
  roster: Roster | null;
  /** As it was sent last; null until somebody asks. */
  list: MemberList | null;
  /** The events of the pages that are shown, as they were sent last; empty until then. */
  readonly sent: Map<number, string>;
  timer: Timer | null;
  reading: Promise<MemberList> | null;
}

/** Changes of one list within this time are sent together. */
const intervalMs = 1_000;
/** Pages that nobody shows any more are forgotten from this number on, and when the list changes. */
const pagesKept = 64;
const rosterEvents: ReadonlySet<MainEvent["type"]> = new Set([
  "member_joined",
  "member_left",
  "member_updated",
  "user_updated",
  "role_created",
  "role_updated",
  "role_deleted",
  "roles_reordered",
]);

/**
 * Sends the pages of member lists that sessions of this node show, when one is asked for and when it changes. A page is the
 * same for all who show it: a change costs one encoding, however many look. Nothing of it goes between nodes, since each
 * knows who is present.
 */
export class MemberLists {
  readonly #options: MemberListsOptions;
  readonly #servers = new Map<number, Shown>();
  readonly #rosters: SharedReads<Roster>;

  constructor(options: MemberListsOptions) {
    this.#options = options;
    this.#rosters = new SharedReads((serverId) => rosterOf(options.db, serverId));
  }

  /** From now on the session shows these pages: it is sent each of them, and then their changes. */
  async watch(session: ClientSession, lists: readonly MembersInSight[]): Promise<void> {
    for (const { server_id: serverId, pages } of session.sight.narrow(lists)) {
      // The session may have left the server while the list before was read: then nothing would tell this one's changes.
      if (pages.length === 0 || !session.serverIds.has(serverId)) continue;
      const shown = this.#shown(serverId);
      if (shown.sent.size >= pagesKept) this.#prune(serverId, shown);
      // This session may be sent newer statuses than others have: the round that is to come sends the page in any case.
      const isChanging = shown.timer !== null || shown.reading !== null;
      for (const page of pages) if (isChanging || !shown.sent.has(page)) shown.sent.set(page, "");
      try {
        const list = shown.list ?? (await this.#read(serverId, shown));
        if (!session.connection.isOpen || !session.serverIds.has(serverId)) continue;
        session.send(...pages.map((page) => this.#event(serverId, list, page)));
      } catch (error) {
        if (this.#isCurrent(serverId, shown)) this.#changed(serverId, shown);
        this.#options.onError(error);
      }
    }
  }

  presenceChanged(serverId: number): void {
    const shown = this.#servers.get(serverId);
    if (shown) this.#changed(serverId, shown);
  }

  /** Every list may have changed in ways that no event told of. */
  missedEvents(): void {
    for (const [serverId, shown] of this.#servers) {
      shown.roster = null;
      this.#changed(serverId, shown);
    }
  }

  stop(): void {
    for (const shown of this.#servers.values()) shown.timer?.cancel();
    this.#servers.clear();
  }

  #shown(serverId: number): Shown {
    const known = this.#servers.get(serverId);
    if (known) return known;
    const shown: Shown = { roster: null, list: null, sent: new Map(), timer: null, reading: null };
    this.#servers.set(serverId, shown);
    this.#options.delivery.observe(`server:${serverId}`, (event) => {
      if (!event) return this.#forget(serverId, shown);
      if (!rosterEvents.has(event.type)) return;
      shown.roster = null;
      this.#changed(serverId, shown);
    });
    return shown;
  }

  #changed(serverId: number, shown: Shown): void {
    shown.timer ??= this.#options.clock.setTimeout(() => void this.#send(serverId, shown), intervalMs);
  }

  /** Sends the pages that have changed to those who show them; forgets the others, and the list when nobody shows it. */
  async #send(serverId: number, shown: Shown): Promise<void> {
    const { delivery, onError } = this.#options;
    this.#prune(serverId, shown);
    if (shown.sent.size === 0) return this.#forget(serverId, shown);
    try {
      const list = await this.#read(serverId, shown);
      if (!this.#isCurrent(serverId, shown)) return;
      shown.timer = null;
      for (const [page, before] of shown.sent) {
        const event = this.#event(serverId, list, page);
        const text = JSON.stringify(event);
        if (text === before) continue;
        shown.sent.set(page, text);
        delivery.receiveLocal(`members:${serverId}:${page}`, { kind: "event", event });
      }
      // A roster that changed while it was read.
      if (!shown.roster) this.#changed(serverId, shown);
    } catch (error) {
      shown.timer = null;
      if (this.#isCurrent(serverId, shown)) this.#changed(serverId, shown);
      onError(error);
    }
  }

  #forget(serverId: number, shown: Shown): void {
    shown.timer?.cancel();
    shown.timer = null;
    if (!this.#isCurrent(serverId, shown)) return;
    this.#options.delivery.observe(`server:${serverId}`, null);
    this.#servers.delete(serverId);
  }

  /** False once it was forgotten; the list may be shown anew since. */
  #isCurrent(serverId: number, shown: Shown): boolean {
    return this.#servers.get(serverId) === shown;
  }

  #prune(serverId: number, { sent }: Shown): void {
    const { delivery } = this.#options;
    for (const page of sent.keys()) if (!delivery.hasSubscribers(`members:${serverId}:${page}`)) sent.delete(page);
  }

  /** The list as it is now. One query runs at a time, also for many who ask at once. */
  #read(serverId: number, shown: Shown): Promise<MemberList> {
    shown.reading ??= this.#arrange(serverId, shown).finally(() => (shown.reading = null));
    return shown.reading;
  }

  async #arrange(serverId: number, shown: Shown): Promise<MemberList> {
    if (!shown.roster) {
      // An event that comes while the query runs sets it to null again.
      const pending: Roster = { members: [], roleIds: [] };
      shown.roster = pending;
      const roster = await this.#rosters.read(serverId).catch((error: unknown) => {
        shown.roster = null;
        throw error;
      });
      const isCurrent = shown.roster === pending;
      shown.roster = isCurrent ? roster : null;
      shown.list = new MemberList(roster, this.#options.presence);
      return shown.list;
    }
    shown.list = new MemberList(shown.roster, this.#options.presence);
    return shown.list;
  }

  #event(serverId: number, list: MemberList, page: number): MainEvent {
    return { type: "member_list", server_id: serverId, ...list.page(page) };
  }
}
