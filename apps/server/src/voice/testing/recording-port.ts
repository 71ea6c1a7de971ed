import type { RoomEvent, VoicePort } from "../events.ts";

/** A connection in memory that records room events before they are encoded. */
export class RecordingPort implements VoicePort {
  isBehind = false;
  readonly events: RoomEvent[] = [];
  closed: { code: number; reason: string } | null = null;
  readonly codec = { isLegacy: false, encode: (event: RoomEvent) => (this.events.push(event), []) };

  send(): void {}

  close(code: number, reason: string): void {
    this.closed = { code, reason };
  }

  of<K extends RoomEvent["kind"]>(kind: K): Extract<RoomEvent, { kind: K }>[] {
    return this.events.filter((event) => event.kind === kind) as Extract<RoomEvent, { kind: K }>[];
  }
}
