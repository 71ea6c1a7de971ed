import type { Clock } from "../../clock.ts";
import type { NodeId } from "../../cluster/contract.ts";
import { resumeMs, type VoiceRooms } from "../voice-rooms.ts";
import type { RoomClaims } from "./room-claims.ts";
import type { RoomEntries } from "./room-entries.ts";
import { ownFlags, type VoiceDirectory } from "./voice-directory.ts";

export interface TakeoverOptions {
  readonly clock: Clock;
  readonly nodeId: NodeId;
  readonly claims: RoomClaims;
  readonly rooms: VoiceRooms;
  readonly directory: VoiceDirectory;
  readonly entries: RoomEntries;
}

/** Gives rooms whose home is gone, or has lost its lease, a home again. */
export class Takeover {
  readonly #options: TakeoverOptions;

  constructor(options: TakeoverOptions) {
    this.#options = options;
  }

  /** Makes the first node that asks the home of a room whose home is gone; restores its participants, if that is this. */
  async takeOver(channelId: number): Promise<void> {
    const { clock, nodeId, claims } = this.#options;
    const until = clock.monotonic() + resumeMs;
    while (clock.monotonic() < until) {
      const home = await claims.homeOf(channelId);
      if (home !== null && home !== nodeId) return;
      if (home !== null && claims.owns(channelId)) return this.#restore(channelId);
      await claims.pause();
    }
  }

  /** Claims a room of this node again. When another node has become its home, the room here ends silently. */
  async recover(channelId: number): Promise<void> {
    const { nodeId, claims, rooms } = this.#options;
    while (rooms.rooms.has(channelId) && !claims.owns(channelId)) {
      const home = await claims.homeOf(channelId);
      if (home === null) await claims.pause();
      else if (home !== nodeId) return this.#abandon(channelId);
    }
    rooms.rooms.get(channelId)?.refresh();
    this.#restore(channelId);
  }

  #restore(channelId: number): void {
    const { claims, rooms, directory } = this.#options;
    for (const participant of directory.goneOf(channelId)) {
      const { channel, ...options } = participant;
      const restored = rooms.restore(channel, { ...options, flags: ownFlags(participant) });
      if (restored) directory.enter(channel, restored);
    }
    if (!rooms.rooms.has(channelId)) claims.release(channelId);
  }

  #abandon(channelId: number): void {
    const { rooms, directory, entries } = this.#options;
    for (const userId of rooms.abandon(channelId)) directory.leave(channelId, userId);
    entries.moveAway(channelId);
  }
}
