import type { MediaMember, MediaSeat } from "../routing.ts";
import { BridgedMember } from "./bridged-member.ts";
import { ForwardedMember } from "./forwarded-member.ts";
import type { FromUnit, ToUnit } from "./messages.ts";
import type { MemberLinks, UnitMember } from "./unit-member.ts";

/**
 * The participants whose media one forwarding unit has. What the unit says is passed on to those whom it concerns, and
 * ignored when it concerns nobody: of a participant who is not here, or of one who is not in the same room.
 */
export class UnitMembers {
  readonly #links: MemberLinks;
  readonly #byId = new Map<string, UnitMember>();
  readonly #rooms = new Map<number, Set<UnitMember>>();

  constructor(send: (message: ToUnit) => void) {
    this.#links = {
      open: (member, former) => {
        this.#byId.delete(former);
        this.#byId.set(member.connectionId, member);
      },
      send,
      forget: (member) => this.#forget(member),
    };
  }

  /** Offers the participant a connection; a bridged one makes the offers. */
  connect(member: MediaMember): MediaSeat {
    const seat = member.isBridged ? new BridgedMember(member, this.#links) : new ForwardedMember(member, this.#links);
    this.#rooms.set(member.channelId, (this.#rooms.get(member.channelId) ?? new Set()).add(seat));
    seat.open();
    return seat;
  }

  /** Offers everybody another connection: the unit is a new one, and knows nothing of what the former one was told. */
  openAll(): void {
    for (const members of this.#rooms.values()) for (const member of members) member.open();
  }

  receive(message: FromUnit): void {
    const member = "peer" in message ? this.#byId.get(message.peer) : undefined;
    if (!member) return;
    const present = new Set([...(this.#rooms.get(member.channelId) ?? [])].map(({ userId }) => userId));
    if (message.kind === "tracks") {
      const tracks = Object.entries(message.tracks).filter(([, { userId }]) => present.has(userId));
      member.receive({ ...message, tracks: Object.fromEntries(tracks) });
    } else if (message.kind !== "signal" || present.has(message.userId)) member.receive(message);
  }

  #forget(member: UnitMember): void {
    this.#byId.delete(member.connectionId);
    const room = this.#rooms.get(member.channelId);
    room?.delete(member);
    if (room?.size === 0) this.#rooms.delete(member.channelId);
  }
}
