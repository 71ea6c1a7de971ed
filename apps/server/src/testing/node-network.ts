import { MemoryHub as BusHub } from "../bus/memory-hub.ts";
import { NetworkBus } from "../bus/network-bus.ts";
import type { Bus } from "../bus/contract.ts";
import type { Cluster } from "../cluster/contract.ts";
import { joinHub, MemoryHub as ClusterHub } from "../cluster/memory-hub.ts";
import { createFaultyChannel } from "../cluster/testing/faulty-channel.ts";
import { ManualClock } from "./manual-clock.ts";

/** What a node has of the others, and what may happen to it. */
export interface NetworkNode {
  readonly cluster: Cluster;
  readonly bus: Bus;
  /** Cuts the node off until `resume`. */
  pause(): void;
  resume(): void;
  /** Cuts the node off for good. */
  kill(): void;
  /** Loses what the node sends and receives over the bus until `restore`; its lease goes on. */
  interrupt(): void;
  restore(): void;
}

/** A cluster and a bus of several nodes within one process, on one manual clock. */
export class NodeNetwork {
  readonly clock = new ManualClock();
  readonly #clusterHub = new ClusterHub(this.clock);
  readonly #busHub = new BusHub(this.clock);

  async join(): Promise<NetworkNode> {
    const channel = createFaultyChannel();
    this.#clusterHub.connect(channel.far);
    const cluster = await joinHub(channel.near, { clock: this.clock });
    const link = this.#busHub.connect(cluster.nodeId);
    const bus = await NetworkBus.open(link, { nodeId: cluster.nodeId, clock: this.clock });
    return {
      cluster,
      bus,
      pause() {
        channel.pause();
        link.interrupt();
      },
      resume() {
        channel.resume();
        link.restore();
      },
      kill() {
        channel.kill();
        link.interrupt();
      },
      interrupt: () => link.interrupt(),
      restore: () => link.restore(),
    };
  }

  close(): void {
    this.#clusterHub.close();
  }
}
