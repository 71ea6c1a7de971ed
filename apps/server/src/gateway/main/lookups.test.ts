import type { KyselyPlugin, QueryId } from "kysely";
import { expect, test } from "vitest";
import { unknownChange, type Control, type Topic } from "../../bus/contract.ts";
import type { Store } from "../../store/contract.ts";
import { RealtimeWorld } from "../../testing/realtime-world.ts";

/** Calls `during` while what a user may do in a channel is looked up, the first ten times. */
function duringLookUps(during: () => void) {
  const lookUps = { count: 0 };
  const meant = new WeakSet<QueryId>();
  const plugin: KyselyPlugin = {
    transformQuery({ node, queryId }) {
      if (JSON.stringify(node).includes('"channel_name"')) meant.add(queryId);
      return node;
    },
    async transformResult({ result, queryId }) {
      if (!meant.has(queryId)) return result;
      lookUps.count += 1;
      if (lookUps.count <= 10) during();
      return result;
    },
  };
  const wrapStore = (store: Store): Store => ({ ...store, db: store.db.withPlugin(plugin) });
  return { lookUps, wrapStore };
}

const changes: Record<string, (serverId: number) => [Topic, Control]> = {
  "the rights of members": (serverId) => ["rights", unknownChange(serverId, null)],
  "a channel that is deleted": (serverId) => [`server:${serverId}`, { type: "channel_removed", channelId: 4_711 }],
  "a thread that is deleted": (serverId) => [
    `server:${serverId}`,
    { type: "thread_removed", serverId, threadId: 4_711 },
  ],
};

test.each(Object.entries(changes))(
  "whoever joins a channel waits for %s in its server, and not in others, however often there is one",
  async (_, change) => {
    let at = 0;
    const { lookUps, wrapStore } = duringLookUps(() => {
      const [topic, control] = change(at);
      world.bus.publish(topic, { kind: "control", control });
    });
    const world = await RealtimeWorld.open({ wrapStore });
    const [ann, bob] = [await world.person("ann"), await world.person("bob")];
    const [here, elsewhere] = [await world.server(ann), await world.server(bob)];
    const socket = await world.connect(ann);
    // Somebody here is told what happens elsewhere.
    await world.connect(bob);
    at = elsewhere.serverId;
    await socket.join(here.channelId);
    expect(lookUps.count).toBe(1);
    at = here.serverId;
    await socket.join(here.channelId);
    // After the tenth nothing changes any more.
    expect(lookUps.count).toBe(11);
    await world.close();
  },
);
