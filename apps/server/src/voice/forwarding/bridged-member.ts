import { randomUUID } from "node:crypto";
import type { Signal } from "../events.ts";
import type { MediaStatus } from "../media.ts";
import type { MediaMember, MediaSeat } from "../routing.ts";
import type { FromUnit } from "./messages.ts";
import type { MemberLinks, UnitMember } from "./unit-member.ts";

/** A participant with a client of version 1 at a forwarding unit, which acts as each of the other participants towards it. */
export class BridgedMember implements MediaSeat, UnitMember {
  connectionId = "";
  readonly #member: MediaMember;
  readonly #links: MemberLinks;
  #status: MediaStatus;
  /** The client has begun connections, which end with the unit. */
  #hasConnections = false;

  constructor(member: MediaMember, links: MemberLinks) {
    this.#member = member;
    this.#links = links;
    this.#status = member.status;
  }

  get channelId(): number {
    return this.#member.channelId;
  }

  get userId(): number {
    return this.#member.userId;
  }

  /** Tells the unit about the participant, who begins the connections. */
  open(): void {
    const former = this.connectionId;
    this.connectionId = randomUUID();
    this.#links.open(this, former);
    const { channelId: room, userId } = this.#member;
    if (former) this.#links.send({ kind: "close", peer: former });
    this.#links.send({ kind: "bridge", peer: this.connectionId, room, userId, status: this.#status });
    if (!this.#hasConnections) return;
    this.#hasConnections = false;
    this.#member.onLost("replaced");
  }

  receive(message: FromUnit): void {
    if (message.kind === "unreached") return this.#member.onLost("unreached");
    if (message.kind !== "signal") return;
    const { type: kind, sdp, userId: fromId } = message;
    this.#member.deliver({ kind: "signal", fromId, signal: { kind, sdp, extra: {} } });
  }

  signal(signal: Signal, targetId: number): void {
    // Addresses of participants are of no use to the unit, which only answers at its own.
    if (signal.kind === "candidate") return;
    this.#hasConnections = true;
    const { kind: type, sdp } = signal;
    this.#links.send({ kind: "signal", peer: this.connectionId, userId: targetId, type, sdp });
  }

  /** Clients of version 1 ask the unit for nothing. */
  ask(): void {}

  update(status: MediaStatus): void {
    this.#status = status;
    this.#links.send({ kind: "status", peer: this.connectionId, status });
  }

  parted(userId: number): void {
    this.#links.send({ kind: "parted", peer: this.connectionId, userId });
  }

  leave(): void {
    this.#links.forget(this);
    this.#links.send({ kind: "close", peer: this.connectionId });
  }
}
