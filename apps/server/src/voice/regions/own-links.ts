import type { NodeId } from "../../cluster/contract.ts";
import type { FromUnit, ToUnit } from "../forwarding/messages.ts";
import type { RegionLink } from "./region-link.ts";

type OfPeer = Extract<FromUnit, { peer: string }>;

/** The links of this node, and which of the connections at their units are for other nodes. */
export class OwnLinks {
  readonly #links = new Map<string, { link: RegionLink; nodes: Map<string, NodeId> }>();

  [Symbol.iterator](): Iterator<RegionLink> {
    return [...this.#links.values()].map(({ link }) => link)[Symbol.iterator]();
  }

  add(link: RegionLink): void {
    this.#links.set(link.name, { link, nodes: new Map() });
  }

  remove(link: RegionLink): void {
    if (this.#links.get(link.name)?.link === link) this.#links.delete(link.name);
  }

  has(region: string): boolean {
    return this.#links.has(region);
  }

  /** The other nodes with connections at units of this one. */
  get nodes(): Set<NodeId> {
    return new Set([...this.#links.values()].flatMap(({ nodes }) => [...nodes.values()]));
  }

  /** Passes on what another node says to the unit. */
  send(from: NodeId, { region, link: id, message }: { region: string; link: string; message: ToUnit }): void {
    const own = this.#links.get(region);
    if (own?.link.id !== id || message.kind === "start") return;
    if (message.kind === "open" || message.kind === "bridge") own.nodes.set(message.peer, from);
    if (message.kind === "close") own.nodes.delete(message.peer);
    own.link.send(message);
  }

  /** The node that what the unit says is for; undefined: this one. */
  nodeOf(link: RegionLink, { peer }: OfPeer): NodeId | undefined {
    return this.#links.get(link.name)?.nodes.get(peer);
  }

  /** Closes the connections that are for the node. Returns the links that it may open them at again. */
  closeAllOf(nodeId: NodeId): RegionLink[] {
    for (const { link, nodes } of this.#links.values()) {
      for (const [peer, owner] of nodes) {
        if (owner !== nodeId) continue;
        nodes.delete(peer);
        link.send({ kind: "close", peer });
      }
    }
    return [...this];
  }
}
