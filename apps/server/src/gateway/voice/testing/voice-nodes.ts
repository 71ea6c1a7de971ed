import { setImmediate } from "node:timers/promises";
import { NodeNetwork } from "../../../testing/node-network.ts";
import { RealtimeWorld } from "../../../testing/realtime-world.ts";

/** A node of `openVoiceNodes`. */
export interface VoiceNode {
  readonly world: RealtimeWorld;
  isHomeOf(channelId: number): boolean;
  /** Loses what the node sends and receives over the bus until `restore`. */
  interrupt(): void;
  restore(): void;
  /** Ends the node without a farewell: its sockets close, and the other nodes get nothing more from it. */
  kill(): Promise<void>;
}

export interface VoiceNodes {
  readonly nodes: readonly VoiceNode[];
  /** Lets time pass on all nodes. */
  pass(ms: number): Promise<void>;
  close(): Promise<void>;
}

/** Several nodes of one instance, with sockets of their own, on one store and one manual clock. */
export async function openVoiceNodes(count: number): Promise<VoiceNodes> {
  const network = new NodeNetwork();
  const { clock } = network;
  const timer = setInterval(() => clock.advance(1), 1);
  const nodes: VoiceNode[] = [];
  for (let index = 0; index < count; index += 1) {
    const node = await network.join();
    const { cluster, bus } = node;
    const peer = nodes[0]?.world;
    const world = await RealtimeWorld.open({ clock, bus, cluster, ...(peer && { peer }) });
    nodes.push({
      world,
      isHomeOf: (channelId) => cluster.owns(`voice:${channelId}`),
      interrupt: () => node.interrupt(),
      restore: () => node.restore(),
      async kill() {
        node.kill();
        for (const socket of world.sockets) socket.destroy();
        await setImmediate();
      },
    });
  }
  return {
    nodes,
    async pass(ms) {
      for (let passed = 0; passed < ms; passed += 50) {
        clock.advance(50);
        for (let turn = 0; turn < 8; turn += 1) await setImmediate();
      }
    },
    async close() {
      clearInterval(timer);
      network.close();
      for (const { world } of nodes.toReversed()) await world.close();
    },
  };
}
