import type { FromUnit, ToUnit } from "./messages.ts";

/** A participant at a forwarding unit. */
export interface UnitMember {
  /** Under which the unit knows the participant; another one for each process. */
  readonly connectionId: string;
  readonly channelId: number;
  readonly userId: number;
  /** The unit is new, or may have missed what it was told of the participant. */
  open(): void;
  receive(message: FromUnit): void;
}

export interface MemberLinks {
  open: (member: UnitMember, former: string) => void;
  send: (message: ToUnit) => void;
  forget: (member: UnitMember) => void;
}
