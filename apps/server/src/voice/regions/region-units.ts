import type { ToUnit } from "../forwarding/messages.ts";
import { UnitMembers } from "../forwarding/unit-members.ts";
import type { NodeId } from "../../cluster/contract.ts";
import type { RegionLink } from "./region-link.ts";

/** How messages reach the unit of a region: over a link of this node, or over that of another one. */
export type Path =
  | { readonly kind: "own"; readonly link: RegionLink }
  | ({ readonly kind: "node"; readonly nodeId: NodeId; readonly linkId: string } & Measured);

/** Where browsers measure how far away the region is. */
export interface Measured {
  readonly url: string | null;
  readonly stunUrl: string | null;
}

/** The unit of one region, as the rooms of this node see it. */
export class RegionUnit {
  readonly name: string;
  readonly members: UnitMembers;
  /** Null while it is away. */
  path: Path | null = null;

  constructor(name: string, send: (path: Path, message: ToUnit) => void) {
    this.name = name;
    this.members = new UnitMembers((message) => {
      if (this.path) send(this.path, message);
    });
  }

  get measured(): Measured {
    if (this.path?.kind === "own") return this.path.link;
    return this.path ?? { url: null, stunUrl: null };
  }

  setPath(path: Path | null): void {
    this.path = path;
    // Those whose rooms had nowhere else to go.
    if (path) this.members.openAll();
  }
}
