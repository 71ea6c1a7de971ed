import { randomUUID } from "node:crypto";
import type { MediaRequest, Signal } from "../events.ts";
import { unitId, type MediaStatus, type Watched } from "../media.ts";
import type { MediaMember, MediaSeat } from "../routing.ts";
import type { FromUnit } from "./messages.ts";
import type { MemberLinks, UnitMember } from "./unit-member.ts";

/** A participant at a forwarding unit, whose client can use the unit's offers. */
export class ForwardedMember implements MediaSeat, UnitMember {
  connectionId = "";
  readonly #member: MediaMember;
  readonly #links: MemberLinks;
  #status: MediaStatus;
  #watched: Watched = { userIds: [], cameraIds: [], smallUserIds: [], smallCameraIds: [] };
  /** The present connection was offered: the unit makes one offer for each. */
  #isOffered = false;

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

  /** Asks the unit for a new connection in place of the present one. */
  open(): void {
    const former = this.connectionId;
    this.connectionId = randomUUID();
    this.#isOffered = false;
    this.#links.open(this, former);
    const { channelId: room, userId } = this.#member;
    if (former) this.#links.send({ kind: "close", peer: former });
    this.#links.send({ kind: "open", peer: this.connectionId, room, userId, status: this.#status });
    if (this.#watched.userIds.length + this.#watched.cameraIds.length > 0) this.#watch(this.#watched);
  }

  receive(message: FromUnit): void {
    if (message.kind === "offer") this.#offered(message);
    else if (message.kind === "tracks") {
      const { kind, peer: connectionId, ...told } = message;
      this.#member.deliver({ kind, connectionId, ...told });
    }
  }

  #offered({ sdp, iceServers }: Extract<FromUnit, { kind: "offer" }>): void {
    if (this.#isOffered) return;
    this.#isOffered = true;
    const extra = { connection_id: this.connectionId, ...(iceServers && { ice_servers: iceServers }) };
    this.#member.deliver({ kind: "signal", fromId: unitId, signal: { kind: "offer", sdp, extra } });
  }

  signal(signal: Signal): void {
    // Addresses of participants are of no use to the unit, which only answers; offers are its own to make.
    if (signal.kind !== "answer" || signal.extra["target_connection_id"] !== this.connectionId) return;
    this.#links.send({ kind: "answer", peer: this.connectionId, sdp: signal.sdp });
  }

  ask(request: MediaRequest): void {
    if (request.kind === "watch") this.#watch(request);
    else if (request.connectionId === null || request.connectionId === this.connectionId) this.open();
  }

  update(status: MediaStatus): void {
    this.#status = status;
    this.#links.send({ kind: "status", peer: this.connectionId, status });
  }

  /** What others said and showed ends with their own connections. */
  parted(): void {}

  leave(): void {
    this.#links.forget(this);
    this.#links.send({ kind: "close", peer: this.connectionId });
  }

  #watch({ userIds, cameraIds, smallUserIds, smallCameraIds }: Watched): void {
    this.#watched = { userIds, cameraIds, smallUserIds, smallCameraIds };
    this.#links.send({ kind: "watch", peer: this.connectionId, ...this.#watched });
  }
}
