import { afterAll, beforeAll, describe, test } from "vitest";
import { startCoturn, type Coturn } from "../../apps/server/src/testing/coturn.ts";
import { joinCall } from "../harness/actions/call.ts";
import { openCallWorld } from "../harness/call-world.ts";
import { expectAllHearAll } from "../harness/checks/hearing.ts";
import type { Person } from "../harness/person.ts";

let coturn: Coturn;

beforeAll(async () => {
  coturn = await startCoturn();
});
afterAll(() => coturn.stop());

describe.each(["udp", "tcp"])("a call through coturn over %s, with direct connections forbidden", (transport) => {
  const { gatherCallers } = openCallWorld(() => ({
    TURN_URLS: `turn:127.0.0.1:${coturn.port}?transport=${transport}`,
    TURN_SECRET: coturn.secret,
  }));
  const relayOnly = { rtcOverrides: { iceTransportPolicy: "relay" } } as const;
  let people: Person[];

  beforeAll(async () => {
    ({ people } = await gatherCallers(["Ann", relayOnly], ["Bob", relayOnly]));
    for (const person of people) await joinCall(person);
  });

  test("both callers hear each other, and the connection panel names the relay", async () => {
    await expectAllHearAll(people);
    const { page, t } = people[0]!;
    await page.getByRole("button", { name: t("voice:quality.open", { quality: "" }).trim() }).click();
    await page.getByText(t("voice:quality.relayed")).waitFor();
  });
});
