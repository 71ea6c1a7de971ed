import { afterAll, beforeAll, expect, test } from "vitest";
import { startCoturn, type Coturn } from "../../apps/server/src/testing/coturn.ts";
import { joinCall } from "../harness/actions/call.ts";
import { connectionCount, relayProtocolsOf } from "../harness/audio/listening.ts";
import { openCallWorld } from "../harness/call-world.ts";
import { switchMode } from "../harness/checks/connection.ts";
import { expectAllHearAll, patient } from "../harness/checks/hearing.ts";
import { openClosedNetwork, type ClosedNetwork } from "../harness/closed-network.ts";

let coturn: Coturn;
let network: ClosedNetwork;

beforeAll(async () => {
  coturn = await startCoturn();
  network = await openClosedNetwork();
  await network.letOut(coturn.tlsPort);
});
afterAll(async () => {
  await network.close();
  await coturn.stop();
});

const { world, gatherCallers } = openCallWorld(() => ({
  VOICE_MODE: "forwarded",
  VOICE_ADDRESS: "127.0.0.1",
  TURN_URLS: `turns:127.0.0.1:${coturn.tlsPort}?transport=tcp`,
  TURN_SECRET: coturn.secret,
}));

test("a member whose network lets no UDP out takes part in a forwarded call through TURN over TLS, in legacy mode too", async () => {
  await network.letOut(world.server.port);
  const { people } = await gatherCallers(["Ann"], ["Bob", { network }]);
  for (const person of people) await joinCall(person);
  await expectAllHearAll(people);
  const bob = people[1]!;
  expect(await relayProtocolsOf(bob)).toEqual(["tls"]);
  // As a client of version 1, whose first attempt is in vain.
  const before = await connectionCount(bob);
  await switchMode(bob, "legacy");
  await expect.poll(() => connectionCount(bob), patient).toBeGreaterThan(before);
  // Sound and statistics may be those of the former connection until the second attempt has come about.
  await expectAllHearAll(people);
  await expect.poll(() => relayProtocolsOf(bob), patient).toEqual(["tls"]);
  await expectAllHearAll(people);
});
