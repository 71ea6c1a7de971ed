import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startPostgres, type TestPostgres } from "../../../apps/server/src/testing/postgres.ts";
import { startRedis, type TestRedis } from "../../../apps/server/src/testing/redis.ts";
import { startTestServer, type TestServer } from "../../../apps/server/src/testing/test-server.ts";
import type { MiscordClient } from "./index.ts";
import { ClientWorld, me } from "./testing/client-world.ts";
import { expectConverged } from "./testing/expect-converged.ts";

let postgres: TestPostgres;
let redis: TestRedis;

beforeAll(async () => {
  [postgres, redis] = [await startPostgres(), await startRedis()];
});
afterAll(async () => {
  await redis.dispose();
  postgres.dispose();
});

/** Ends all connections of Miscord, whatever they do. */
const cut = () =>
  postgres.run("select count(pg_terminate_backend(pid)) from pg_stat_activity where application_name = 'miscord'");
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe.each([1, 2])("as the database's connections are cut, on %i nodes,", (count) => {
  const nodes: TestServer[] = [];
  let world: ClientWorld;
  let ann: MiscordClient;
  let bob: MiscordClient;
  let serverId: number;

  beforeAll(async () => {
    const settings = { databaseUrl: postgres.createDatabase(), ...(count > 1 && { redisUrl: redis.url }) };
    for (let index = 0; index < count; index += 1) nodes.push(await startTestServer(settings));
  });
  beforeEach(async () => {
    world = new ClientWorld({ urls: nodes.map(({ url }) => url) });
    ann = await world.newcomer({ node: 0 });
    bob = await world.newcomer({ node: count - 1 });
    ({ serverId } = await world.unite(ann, bob));
  });
  afterEach(() => world.close());
  afterAll(async () => {
    for (const node of nodes) await node.cleanup();
  });

  test("a name that is stored and announced to nobody reaches everybody", async () => {
    const stored = () => ann.rest.me().then(({ display_name: name }) => name);
    const seen = () => bob.store.getState().members[serverId]?.[me(ann).id]?.display_name;
    let name = "";
    const isUnannounced = async (attempt: number) => {
      name = `Name ${attempt}`;
      const isDone = ann.rest.updateProfile({ display_name: name }).then(
        () => true,
        () => false,
      );
      await sleep(attempt % 12);
      cut();
      if (await isDone) return false;
      await expect.poll(() => stored().catch(() => null)).not.toBeNull();
      if ((await stored()) !== name) return false;
      await sleep(300);
      return seen() !== name;
    };
    let attempt = 1;
    while (!(await isUnannounced(attempt))) attempt += 1;
    await expect.poll(seen).toBe(name);
    await expectConverged(bob);
  });
});
