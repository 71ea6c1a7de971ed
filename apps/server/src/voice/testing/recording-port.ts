import type { RoomEvent, VoicePort } from "../events.ts";

/** A connection in memory that records room events. */
export class RecordingPort implements VoicePort {
  readonly usesLegacySocket: boolean;
  isBehind = false;
  readonly events: RoomEvent[] = [];
  closed: { code: number; reason: string } | null = null;

  constructor({ usesLegacySocket = false } = {}) {
    this.usesLegacySocket = usesLegacySocket;
  }

  send(event: RoomEvent): void {
    this.events.push(event);
  }

  close(code: number, reason: string): void {
    this.closed = { code, reason };
  }

  of<K extends RoomEvent["kind"]>(kind: K): Extract<RoomEvent, { kind: K }>[] {
    return this.events.filter((event) => event.kind === kind) as Extract<RoomEvent, { kind: K }>[];
  }
}
