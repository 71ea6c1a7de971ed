import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestServer, type TestServer } from "../../../apps/server/src/testing/test-server.ts";
import type { MiscordClient } from "./index.ts";
import { allConverge, ClientWorld, me, timelineOf, until } from "./testing/client-world.ts";

let server: TestServer;
let world: ClientWorld;

beforeAll(async () => {
  server = await startTestServer({ forwardsVoice: false });
  world = new ClientWorld({ urls: [server.url] });
});
afterAll(async () => {
  world.close();
  await server.cleanup();
});

const stateOf = (client: MiscordClient) => client.store.getState();

test("the encryption of calls is turned off for all devices of both, and on again, each with a line that is no news", async () => {
  const [ann, bob, eve] = [await world.newcomer(), await world.newcomer(), await world.newcomer()];
  await world.unite(ann, bob, eve);
  const dm = await ann.openDm([me(bob).id]);
  await ann.rest.createMessage(dm, { content: "hello" });
  await until(() => stateOf(bob).channels[dm]?.mention_count === 1);
  await bob.openChannel(dm);
  const turn = (client: MiscordClient, calls_encrypted: boolean) =>
    client.rest.call("PATCH", `/api/dms/${dm}`, { body: { calls_encrypted } });
  const shown = () => [ann, bob].map((client) => stateOf(client).dms[dm]!.calls_encrypted);
  const latest = () => timelineOf(bob, dm).messages.at(-1)?.call?.encryption;
  expect(shown()).toEqual([undefined, undefined]);
  await turn(bob, false);
  await until(() => shown().every((one) => one === false) && latest() === "off");
  await allConverge(ann, bob, eve);
  await expect(turn(eve, true)).rejects.toMatchObject({ code: "not_found" });
  await turn(ann, true);
  await until(() => shown().every((one) => one === undefined) && latest() === "on");
  await until(() => stateOf(ann).channels[dm]!.last_message_seq === 3);
  await allConverge(ann, bob, eve);
  expect([ann, bob].map((client) => stateOf(client).channels[dm]!.mention_count)).toEqual([0, 1]);
});
