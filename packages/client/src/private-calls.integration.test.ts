import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { startTestServer, type TestServer } from "../../../apps/server/src/testing/test-server.ts";
import type { MiscordClient } from "./index.ts";
import { allConverge, ClientWorld, me, until } from "./testing/client-world.ts";

let server: TestServer;
let world: ClientWorld;

beforeAll(async () => {
  // Nothing here has a peer connection, or encrypts.
  server = await startTestServer({ forwardsVoice: false, encryptsPrivateCalls: false });
});
afterEach(() => world.close());
afterAll(() => server.cleanup());

const stateOf = (client: MiscordClient) => client.store.getState();

test("a call rings, is declined and then missed, and clients show what a fresh fetch does", async () => {
  world = new ClientWorld({ urls: [server.url] });
  const [ann, bob, eve] = [await world.newcomer(), await world.newcomer(), await world.newcomer()];
  await world.unite(ann, bob, eve);
  const dm = await ann.openDm([me(bob).id]);
  ann.voice.join(dm, { rings: true });
  await until(() => stateOf(bob).dms[dm]?.rings.length === 1 && stateOf(ann).dms[dm]?.rings.length === 1);
  expect(stateOf(bob).voice[dm]).toMatchObject([{ user: { id: me(ann).id } }]);
  await allConverge(ann, bob, eve);
  await bob.rest.declineCall(dm);
  await until(() => stateOf(bob).dms[dm]?.rings.length === 0 && stateOf(ann).dms[dm]?.rings.length === 0);
  await allConverge(ann, bob, eve);
  ann.voice.ring([me(bob).id]);
  await until(() => stateOf(bob).dms[dm]?.rings.length === 1);
  ann.voice.leave();
  await until(() => stateOf(bob).channels[dm]?.mention_count === 1 && stateOf(bob).dms[dm]?.rings.length === 0);
  await until(() => (stateOf(bob).voice[dm] ?? []).length === 0);
  expect(stateOf(eve).voice).not.toHaveProperty(`${dm}`);
  await allConverge(ann, bob, eve);
});
