import type { FromUnit, ToUnit } from "../forwarding/messages.ts";

/**
 * What nodes send each other about the unit of a region: the node that has the link passes on what the homes of rooms say
 * to the unit, and what the unit says to them. `link` is the id of the link that is meant.
 */
export type RegionMessage = { region: string; link: string } & (
  | { kind: "to"; message: ToUnit }
  | { kind: "from"; message: FromUnit }
  /** Messages to the unit were lost: what it knows of the receiver's participants is gone. */
  | { kind: "again" }
);
