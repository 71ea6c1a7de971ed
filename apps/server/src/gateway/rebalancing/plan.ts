import type { NodeId } from "../../cluster/contract.ts";

/** What a node tells the others of itself. */
export interface NodeLoad {
  readonly connections: number;
  /** False while it stops. */
  readonly accepts: boolean;
  readonly [key: string]: number | boolean;
}

/** `share` of the connections of `node` are to move; more than 0 and at most 1. */
export interface Move {
  readonly node: NodeId;
  readonly share: number;
}

/** Above the mean of all nodes by so much, the fullest node is too full: begins moving, and goes on until the second. */
const begin = { share: 0.2, atLeast: 20 };
const end = { share: 0.05, atLeast: 2 };
/** Nodes must be uneven, and the same ones, for so many looks: not during a rolling restart. */
const patienceLooks = 3;
/** At most this many connections move at once, or this share of the node's if that is more. */
const atOnce = { connections: 50, share: 0.05 };
/** From an order until its clients have come back to some node, and the nodes have said so. */
const settleMs = 5_000;
/** After moves that did not relieve the fullest node, as behind a load balancer that sends clients back to it. */
const restMs = 10 * 60_000;

/**
 * Decides which node should lose connections, from what the nodes tell. Begins late and ends early (hysteresis), moves
 * little at a time, and gives up for ten minutes when it does not help.
 */
export class RebalancingPlan {
  readonly #onInVain: (node: NodeId) => void;
  #nodes = "";
  #looks = 0;
  #isMoving = false;
  #waitUntil = Number.NEGATIVE_INFINITY;
  #last: { node: NodeId; expected: number } | null = null;

  /** `onInVain` is called when it gives up for a while, with the node that it could not relieve. */
  constructor(onInVain: (node: NodeId) => void = () => {}) {
    this.#onInVain = onInVain;
  }

  /** Null when nothing should move now. `nowMs` is monotonic. */
  next(loads: ReadonlyMap<NodeId, NodeLoad>, nowMs: number): Move | null {
    if (!this.#areSteady(loads)) return this.#calm();
    if (nowMs < this.#waitUntil) return null;
    const [fullest, load] = [...loads].reduce((a, b) => (b[1].connections > a[1].connections ? b : a));
    const mean = sum(loads) / loads.size;
    const excess = load.connections - mean;
    const { share, atLeast } = this.#isMoving ? end : begin;
    if (excess <= Math.max(mean * share, atLeast)) return this.#calm();
    if (this.#last?.node === fullest && load.connections > this.#last.expected) return this.#rest(fullest, nowMs);
    this.#looks += 1;
    if (!this.#isMoving && this.#looks < patienceLooks) return null;
    return this.#move(fullest, { excess, connections: load.connections, nowMs });
  }

  /** The nodes are those of the last look, there are two at least, and none of them stops. */
  #areSteady(loads: ReadonlyMap<NodeId, NodeLoad>): boolean {
    const nodes = [...loads.keys()].toSorted().join(" ");
    const isSame = nodes === this.#nodes;
    this.#nodes = nodes;
    // A node that has joined, or is gone, may be what was missing.
    if (!isSame) this.#waitUntil = Number.NEGATIVE_INFINITY;
    return isSame && loads.size > 1 && [...loads.values()].every(({ accepts }) => accepts);
  }

  #move(node: NodeId, from: { excess: number; connections: number; nowMs: number }): Move {
    const { excess, connections, nowMs } = from;
    const moving = Math.min(Math.ceil(excess), Math.max(atOnce.connections, Math.ceil(connections * atOnce.share)));
    this.#isMoving = true;
    this.#waitUntil = nowMs + settleMs;
    // Some come back to the node by chance; a quarter of them must not.
    this.#last = { node, expected: connections - moving / 4 };
    return { node, share: moving / connections };
  }

  #rest(node: NodeId, nowMs: number): null {
    this.#onInVain(node);
    this.#waitUntil = nowMs + restMs;
    return this.#calm();
  }

  #calm(): null {
    this.#looks = 0;
    this.#isMoving = false;
    this.#last = null;
    return null;
  }
}

function sum(loads: ReadonlyMap<NodeId, NodeLoad>): number {
  return [...loads.values()].reduce((total, { connections }) => total + connections, 0);
}
