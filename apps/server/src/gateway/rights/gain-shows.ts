import type { VoiceState } from "@miscord/protocol";
import type { Kysely } from "kysely";
import { Semaphore } from "../../concurrency/semaphore.ts";
import { Turns } from "../../concurrency/turns.ts";
import { serverRights, type ChannelRights } from "../../store/queries/roles.ts";
import type { Tables } from "../../store/schema.ts";
import { addedChannels, type Gain } from "./added-channels.ts";
import { sees, updatedEvent, withSeenCategory } from "./seen-categories.ts";
import type { ThreadWatch } from "./thread-watch.ts";

export interface GainShowsOptions {
  readonly db: Kysely<Tables>;
  readonly threads: ThreadWatch;
  readonly voiceStates: (serverId: number) => readonly VoiceState[];
}

/** Servers in which something is shown at the same time. */
const serversAtOnce = 4;
/** Time spent on sessions in one turn of the event loop: each may gain hundreds of channels. */
const turnMs = 8;

/**
 * Shows sessions what they gained. That takes the longer, the more it is, and no server's losses wait for what is shown in
 * others: whoever owns some changes what is seen in them as often as they may.
 */
export class GainShows {
  readonly #options: GainShowsOptions;
  readonly #permits = new Semaphore(serversAtOnce);
  /** By server: its place among those that wait. A further change keeps it, or a server that changes often would never be shown. */
  readonly #places = new Map<number, Promise<() => void>>();

  constructor(options: GainShowsOptions) {
    this.#options = options;
  }

  /** False when `changed` resolved before its turn came, or it failed: then the sessions count as if they had gained nothing. */
  async show(gains: readonly Gain[], serverId: number, changed: Promise<void>): Promise<boolean> {
    const turn = this.#places.get(serverId) ?? this.#permits.acquire();
    this.#places.set(serverId, turn);
    const release = await Promise.race([turn, changed.then(() => null)]);
    if (release === null) {
      forget(gains);
      return false;
    }
    this.#places.delete(serverId);
    try {
      await this.#showAll(gains, serverId);
    } catch (error) {
      forget(gains);
      throw error;
    } finally {
      release();
    }
    return true;
  }

  /** Nothing more is to be shown in the server for now. */
  leave(serverId: number): void {
    void this.#places.get(serverId)?.then((release) => release());
    this.#places.delete(serverId);
  }

  /** Reads the channels once the subscriptions to them are live, so that no event falls in between. */
  async #showAll(gains: readonly Gain[], serverId: number): Promise<void> {
    const { db, voiceStates } = this.#options;
    await Promise.all(gains.flatMap(({ subscribed }) => subscribed ?? []));
    const rights = await serverRights(db, serverId);
    const channels = new Map((rights?.channels ?? []).map((channel) => [channel.id, channel]));
    const turns = new Turns(turnMs);
    for await (const { session, events } of addedChannels(db, gains, {
      channels,
      voiceStates: voiceStates(serverId),
    })) {
      // Another change may have hidden a channel again.
      const shown = events.filter(({ channel: { id } }) => !channels.get(id)?.isRestricted || session.views(id));
      if (session.serverIds.has(serverId))
        session.send(...shown.map((event) => withSeenCategory(event, session, channels)));
      await turns.pause();
    }
    await this.#showPlaces(gains, channels, serverId);
    const userIds = gains.map(({ session }) => session.userId);
    this.#options.threads.showSoon(userIds, { parentIds: new Set(gains.map(({ channelId }) => channelId)) });
  }

  /** Whoever gains a category is told which of the channels they saw before are in it. */
  async #showPlaces(
    gains: readonly Gain[],
    channels: ReadonlyMap<number, ChannelRights>,
    serverId: number,
  ): Promise<void> {
    const children = Map.groupBy(channels.values(), (channel) => channel.category_id);
    const bySession = Map.groupBy(gains, ({ session }) => session);
    const turns = new Turns(turnMs);
    for (const [session, own] of bySession) {
      // Those that are new themselves were sent with their category.
      const gained = new Set(own.map(({ channelId }) => channelId));
      const isOld = (child: ChannelRights) => !gained.has(child.id) && sees(session, child);
      const seen = own.flatMap(({ channelId }) => (children.get(channelId) ?? []).filter(isOld));
      if (session.serverIds.has(serverId)) session.send(...seen.map((child) => updatedEvent(child, session, channels)));
      await turns.pause();
    }
  }
}

/** Seen as gained again when the change is applied again. */
function forget(gains: readonly Gain[]): void {
  for (const { session, channelId } of gains) session.unview(channelId);
}
