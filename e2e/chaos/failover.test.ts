import { expectConverged } from "@miscord/client/testing";
import { once } from "node:events";
import { connect, createServer, type AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { startPostgres, type TestPostgres } from "../../apps/server/src/testing/postgres.ts";
import { SendRecord, violationsOf, wholeHistory } from "./invariants.ts";
import { openChaosWorld, sleep, until } from "./world.ts";

const people = 6;
const sendEveryMs = 20;
/** From the promotion to the next acknowledged message, and until all clients show the same. */
const recoveryMs = 30_000;
const rounds = Number(process.env["FAILOVER_ROUNDS"] ?? 1);

/** One address for whichever cluster is the primary, as a service or a virtual address is. */
async function openAddress(primary: TestPostgres) {
  let { port } = primary;
  const proxy = createServer((inner) => {
    const outer = connect({ port, host: "127.0.0.1" });
    for (const [from, to] of [
      [inner, outer],
      [outer, inner],
    ] as const) {
      from.pipe(to);
      from.on("error", () => to.destroy());
      from.on("close", () => to.destroy());
    }
  });
  proxy.listen(0, "127.0.0.1");
  await once(proxy, "listening");
  return {
    port: (proxy.address() as AddressInfo).port,
    leadTo: (cluster: TestPostgres) => void ({ port } = cluster),
    close: () => proxy.close(),
  };
}

async function startSynchronousStandby(primary: TestPostgres): Promise<TestPostgres> {
  const standby = await startPostgres({ standbyOf: primary });
  primary.run("alter system set synchronous_standby_names = '*'");
  primary.run("select pg_reload_conf()");
  await until("the standby is synchronous", () => primary.run("select sync_state from pg_stat_replication") === "sync");
  return standby;
}

test.each(Array.from({ length: rounds }, (_, index) => index + 1))(
  "round %i: a primary killed under load loses nothing that was acknowledged, and its promoted standby goes on",
  async () => {
    const primary = await startPostgres();
    const address = await openAddress(primary);
    const url = primary.createDatabase().replace(`:${primary.port}/`, `:${address.port}/`);
    const world = await openChaosWorld(people, 2, { env: { DATABASE_URL: url } });
    const standby = await startSynchronousStandby(primary);
    try {
      const clients = await Promise.all(Array.from({ length: people }, (_, user) => world.enter(user)));
      await until("all are connected", () => clients.every((client) => client.store.getState().connection.ready));
      await Promise.all(clients.flatMap((client) => world.channels.map((channelId) => client.openChannel(channelId))));
      const records = clients.map((client) => new SendRecord(client));
      const acknowledged = () => records.reduce((sum, { acked }) => sum + acked.size, 0);
      const loading = new AbortController();
      const load = (async () => {
        for (let count = 1; !loading.signal.aborted; count += 1) {
          const record = records[count % people]!;
          record.send(world.channels[count % 2]!, `message ${count}`);
          await sleep(sendEveryMs);
        }
      })();

      await until("some were acknowledged", () => acknowledged() >= 100);
      primary.stop("immediate");
      await sleep(500);
      standby.promote();
      address.leadTo(standby);
      const promotedAt = performance.now();
      const before = acknowledged();
      await until("sends go on", () => acknowledged() > before + 50);
      expect(performance.now() - promotedAt).toBeLessThan(recoveryMs);
      loading.abort();
      await load;
      await until("all were sent", () => records.every(({ isSettled }) => isSettled), {
        instead: () => records.map(({ faultState }) => faultState).join("\n"),
      });
      await Promise.all(clients.map((client) => expectConverged(client, { timeoutMs: recoveryMs })));
      for (const channelId of world.channels) {
        const history = await wholeHistory(clients[0]!, channelId);
        expect(violationsOf(channelId, history, records, new Set())).toEqual([]);
      }
      expect(records.flatMap(({ failed }) => failed)).toEqual([]);
      for (const client of clients) client.close();
    } finally {
      await world.dispose();
      address.close();
      standby.dispose();
      primary.dispose();
    }
  },
);
