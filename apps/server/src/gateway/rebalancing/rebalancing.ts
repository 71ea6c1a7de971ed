import type { Logger } from "pino";
import type { Clock } from "../../clock.ts";
import type { Cluster, SharedMap } from "../../cluster/contract.ts";
import { every } from "../../concurrency/every.ts";
import type { Gateway } from "../gateway.ts";
import { RebalancingPlan, type Move, type NodeLoad } from "./plan.ts";

interface RebalancingOptions {
  readonly cluster: Pick<Cluster, "nodeId" | "map" | "claim" | "owns">;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly gateway: Pick<Gateway, "connectionCount" | "shed">;
  /** Between two looks at the nodes; 0: never. */
  readonly everyMs: number;
}

/** Numbered, because an entry of a node that was cut off is set again when the node is back. */
interface Order extends Move {
  readonly number: number;
  readonly [key: string]: string | number;
}

/** From the last close of those that an order closes until their clients are back, on this node or another. */
const returnMs = 1_000;
const claimName = "rebalancing";
const key = "node";

/**
 * Open sockets stay where they are, so a node that has just started gets few of them. Every node says how many it has;
 * one of them, which owns the claim, tells the fullest to close some when they are uneven for a while.
 */
export class Rebalancing {
  readonly #options: RebalancingOptions;
  readonly #loads: SharedMap<NodeLoad>;
  readonly #orders: SharedMap<Order>;
  readonly #stopLooking: () => void;
  #isStopped = false;
  #plan: RebalancingPlan;
  #number = 0;
  /** The latest order that this node has followed, by the node that gave it. */
  readonly #followed = new Map<string, number>();

  constructor(options: RebalancingOptions) {
    const { cluster, clock, logger, everyMs } = options;
    this.#options = options;
    this.#plan = this.#newPlan();
    this.#loads = cluster.map("loads");
    this.#orders = cluster.map("rebalancing");
    // A node that says nothing of itself is left alone by the others.
    this.#isStopped = everyMs === 0;
    this.#orders.onChange((_, from, order) => this.#follow(from, order));
    this.#tell();
    const onError = (err: unknown) => logger.debug({ err }, "rebalancing waits");
    this.#stopLooking = this.#isStopped ? () => {} : every(clock, { everyMs, work: () => this.#look(), onError });
  }

  /** For a node that stops: the others no longer count on it. */
  stop(): void {
    if (this.#isStopped) return;
    this.#isStopped = true;
    this.#stopLooking();
    this.#loads.set(key, { connections: this.#options.gateway.connectionCount, accepts: false });
  }

  #tell(): void {
    if (!this.#isStopped) this.#loads.set(key, { connections: this.#options.gateway.connectionCount, accepts: true });
  }

  async #look(): Promise<void> {
    const { cluster, clock, logger } = this.#options;
    this.#tell();
    if ((await cluster.claim(claimName)) !== cluster.nodeId || !cluster.owns(claimName)) {
      // Another node's orders have changed what this one knew.
      this.#plan = this.#newPlan();
      return;
    }
    const move = this.#plan.next(this.#loads.get(key), clock.monotonic());
    if (!move) return;
    logger.info(move, "a node has too many connections: some are moved");
    this.#orders.set(key, { ...move, number: (this.#number += 1) });
  }

  #newPlan(): RebalancingPlan {
    const { logger } = this.#options;
    return new RebalancingPlan((node) =>
      logger.warn({ node }, "connections that were moved came back to the fullest node; the load balancer sends them"),
    );
  }

  #follow(from: string, order: Order | undefined): void {
    if (this.#isStopped || order?.node !== this.#options.cluster.nodeId) return;
    if (order.number <= (this.#followed.get(from) ?? 0)) return;
    this.#followed.set(from, order.number);
    const { gateway, clock } = this.#options;
    const { withinMs } = gateway.shed(order.share);
    // Whoever gave the order judges by the next count whether it helped.
    clock.setTimeout(() => this.#tell(), withinMs + returnMs);
  }
}
