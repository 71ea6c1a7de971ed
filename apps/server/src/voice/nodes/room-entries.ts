import type { Clock } from "../../clock.ts";
import type { NodeId } from "../../cluster/contract.ts";
import { AppError } from "../../errors.ts";
import type { Entry, VoiceChannel } from "../events.ts";
import type { VoiceRooms } from "../voice-rooms.ts";
import { LiveEntry } from "./live-entry.ts";
import type { RemoteRooms } from "./remote-rooms.ts";
import type { RoomClaims } from "./room-claims.ts";
import type { VoiceDirectory } from "./voice-directory.ts";

/**
 * How long entering a room may take. Longer than the lease of a node, so that a call whose home was killed can be resumed
 * with the first attempt.
 */
const enterMs = 7_000;

export interface RoomEntriesOptions {
  readonly clock: Clock;
  readonly nodeId: NodeId;
  readonly claims: RoomClaims;
  readonly rooms: VoiceRooms;
  readonly remote: RemoteRooms;
  readonly directory: VoiceDirectory;
}

/** This node's connections in calls. Each enters its room at the room's home, and again when the home changes. */
export class RoomEntries implements Iterable<LiveEntry> {
  readonly #options: RoomEntriesOptions;
  readonly #live = new Set<LiveEntry>();

  constructor(options: RoomEntriesOptions) {
    this.#options = options;
  }

  [Symbol.iterator](): Iterator<LiveEntry> {
    return this.#live.values();
  }

  /** Rejects with AppError as `VoiceHomes.enter` does. */
  async enter(entry: Entry): Promise<LiveEntry> {
    const { clock } = this.#options;
    const live = new LiveEntry(entry, { clock, onReleased: (one) => this.#live.delete(one) });
    this.#live.add(live);
    try {
      await this.#enterBefore(live, clock.monotonic() + enterMs);
    } catch (error) {
      this.#live.delete(live);
      throw error;
    }
    return live;
  }

  /** Enters the room of a connection that has lost its place again, as often as it takes. */
  async settle(live: LiveEntry): Promise<void> {
    try {
      await this.#enterBefore(live, Infinity);
    } catch (error) {
      const { closeCode, message } = error instanceof AppError ? error : new AppError("internal", "");
      live.close(closeCode, message);
    }
  }

  /** The room is no longer here: its connections enter it at its new home. */
  moveAway(channelId: number): void {
    for (const live of this.#live) {
      if (live.entry.channel.id !== channelId || live.place?.home !== this.#options.nodeId) continue;
      live.moveTo(null);
      void this.settle(live);
    }
  }

  async #enterBefore(live: LiveEntry, until: number): Promise<void> {
    const { clock, claims } = this.#options;
    if (live.isEntering) return;
    live.isEntering = true;
    try {
      while (!live.place && !live.released) {
        if (await this.#tryToEnter(live)) continue;
        if (clock.monotonic() >= until) throw new AppError("unavailable", "The call cannot be reached.");
        await claims.pause();
      }
    } finally {
      live.isEntering = false;
    }
  }

  /** Whether it worked. Rejects with AppError when the home refuses the entry. */
  async #tryToEnter(live: LiveEntry): Promise<boolean> {
    const { claims, nodeId, remote, rooms } = this.#options;
    const { channel } = live.entry;
    const home = await claims.homeOf(channel.id);
    if (home !== null && home !== nodeId) return !live.released && remote.enter(home, live);
    if (!claims.owns(channel.id)) return false;
    try {
      if (!live.released) this.#enterHere(live);
      return true;
    } finally {
      if (!rooms.rooms.has(channel.id)) claims.release(channel.id);
    }
  }

  #enterHere(live: LiveEntry): void {
    const { directory, rooms, nodeId } = this.#options;
    const entry = { ...live.entry, channel: this.#asBegun(live.entry.channel), waitedMs: live.waitedMs };
    if (directory.isLate(entry)) return live.supersede();
    const handle = rooms.enter({ ...entry, port: live, flags: live.flags });
    live.moveTo({ home: nodeId, ...handle });
  }

  /** A call that a former home has left behind keeps what it began with, whoever enters it first. */
  #asBegun(channel: VoiceChannel): VoiceChannel {
    const [left] = this.#options.directory.goneOf(channel.id);
    return left ? { ...channel, isEncrypted: left.channel.isEncrypted } : channel;
  }
}
