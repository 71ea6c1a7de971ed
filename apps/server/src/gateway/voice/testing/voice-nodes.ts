import { setImmediate } from "node:timers/promises";
import { MemoryHub as BusHub } from "../../../bus/memory-hub.ts";
import { NetworkBus } from "../../../bus/network-bus.ts";
import { joinHub, MemoryHub as ClusterHub } from "../../../cluster/memory-hub.ts";
import { createFaultyChannel } from "../../../cluster/testing/faulty-channel.ts";
import { ManualClock } from "../../../testing/manual-clock.ts";
import { RealtimeWorld } from "../../../testing/realtime-world.ts";

/** A node of `openVoiceNodes`. */
export interface VoiceNode {
  readonly world: RealtimeWorld;
  isHomeOf(channelId: number): boolean;
  /** Ends the node without a farewell: its sockets close, and the other nodes get nothing more from it. */
  kill(): Promise<void>;
}

export interface VoiceNodes {
  readonly clock: ManualClock;
  readonly nodes: readonly VoiceNode[];
  /** Lets time pass on all nodes. */
  pass(ms: number): Promise<void>;
  close(): Promise<void>;
}

/** Several nodes of one instance, with sockets of their own, on one store and one manual clock. */
export async function openVoiceNodes(count: number): Promise<VoiceNodes> {
  const clock = new ManualClock();
  const [clusterHub, busHub] = [new ClusterHub(clock), new BusHub(clock)];
  const timer = setInterval(() => clock.advance(1), 1);
  const nodes: VoiceNode[] = [];
  for (let index = 0; index < count; index += 1) {
    const channel = createFaultyChannel();
    clusterHub.connect(channel.far);
    const cluster = await joinHub(channel.near, { clock });
    const link = busHub.connect(cluster.nodeId);
    const bus = await NetworkBus.open(link, { nodeId: cluster.nodeId, clock });
    const peer = nodes[0]?.world;
    const world = await RealtimeWorld.open({ clock, bus, cluster, ...(peer && { peer }) });
    nodes.push({
      world,
      isHomeOf: (channelId) => cluster.owns(`voice:${channelId}`),
      async kill() {
        channel.kill();
        link.interrupt();
        for (const socket of world.sockets) socket.destroy();
        await setImmediate();
      },
    });
  }
  return {
    clock,
    nodes,
    async pass(ms) {
      for (let passed = 0; passed < ms; passed += 50) {
        clock.advance(50);
        for (let turn = 0; turn < 8; turn += 1) await setImmediate();
      }
    },
    async close() {
      clearInterval(timer);
      clusterHub.close();
      for (const { world } of nodes.toReversed()) await world.close();
    },
  };
}
