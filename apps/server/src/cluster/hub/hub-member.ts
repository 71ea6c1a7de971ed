import type { Clock } from "../../clock.ts";
import type { Shared, NodeId } from "../contract.ts";
import type { Take } from "../backend.ts";
import type { Entry, EntryChange } from "../replica.ts";
import type { HubAnswer, HubRequest, MemberPort, NodeMessage } from "./messages.ts";

/** What a hub does for its members. */
export interface HubState {
  readonly clock: Clock;
  /** Nodes whose lease holds. */
  readonly members: ReadonlyMap<NodeId, HubMember>;
  enter(member: HubMember): void;
  leave(member: HubMember): void;
  claim(name: string, nodeId: NodeId): NodeId;
  release(name: string, nodeId: NodeId): void;
  take(take: Take): number;
  force(take: Take): number;
  refund(refund: Omit<Take, "cost">): void;
}

/** The hub's side of the channel to one node: the node's lease and entries. */
export class HubMember {
  readonly port: MemberPort;
  nodeId: NodeId = "";
  leaseEndsAt = 0;
  readonly #hub: HubState;
  readonly #entries = new Map<string, Map<string, Shared>>();
  #leaseMs = 0;

  constructor(port: MemberPort, hub: HubState) {
    this.port = port;
    this.#hub = hub;
  }

  allEntries(): Entry[] {
    return [...this.#entries].flatMap(([map, values]) => [...values].map(([key, value]) => ({ map, key, value })));
  }

  receive(message: NodeMessage): void {
    if (message.type === "change") return this.#change(message.change);
    if (message.type === "refund") return this.#hub.refund(message.refund);
    const { id } = message;
    try {
      this.port.send({ type: "answer", id, value: this.#answer(message) });
    } catch (error) {
      this.port.send({ type: "refused", id, reason: error instanceof Error ? error.message : String(error) });
    }
  }

  #answer(request: HubRequest): HubAnswer {
    switch (request.type) {
      case "join":
        this.#join(request);
        return null;
      case "renew":
        return this.#renew();
      case "take":
        return this.#hub.take(request.take);
      case "force":
        return request.takes.map((take) => this.#hub.force(take));
      case "claim":
        return this.#hub.claim(request.name, this.#alive().nodeId);
      case "release":
        this.#hub.release(request.name, this.nodeId);
        return null;
      case "leave":
        this.#hub.leave(this);
        return null;
      case "ping":
        return null;
    }
  }

  #join({ nodeId, leaseMs, entries }: Extract<HubRequest, { type: "join" }>): void {
    this.#hub.leave(this);
    this.nodeId = nodeId;
    this.#leaseMs = leaseMs;
    this.#entries.clear();
    for (const entry of entries) this.#put(entry);
    this.leaseEndsAt = this.#hub.clock.monotonic() + leaseMs;
    this.#hub.enter(this);
    this.port.send({ type: "living", nodeIds: [...this.#hub.members.keys()] });
  }

  #renew(): boolean {
    if (!this.#isAlive()) return false;
    this.leaseEndsAt = this.#hub.clock.monotonic() + this.#leaseMs;
    return true;
  }

  #change(change: EntryChange): void {
    if (!this.#isAlive()) return;
    this.#put(change);
    for (const other of this.#hub.members.values()) {
      if (other !== this) other.port.send({ type: "changed", nodeId: this.nodeId, change });
    }
  }

  #put({ map, key, value }: EntryChange): void {
    const values = this.#entries.get(map) ?? new Map<string, Shared>();
    this.#entries.set(map, values);
    if (value === undefined) values.delete(key);
    else values.set(key, value);
  }

  #isAlive(): boolean {
    return this.#hub.members.get(this.nodeId) === this && this.#hub.clock.monotonic() < this.leaseEndsAt;
  }

  #alive(): this {
    if (!this.#isAlive()) throw new Error("The node's lease has ended.");
    return this;
  }
}
