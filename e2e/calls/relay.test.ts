import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startCoturn, type Coturn } from "../../apps/server/src/testing/coturn.ts";
import { joinCall } from "../harness/actions/call.ts";
import { openCallWorld } from "../harness/call-world.ts";
import { remoteCandidateTypes } from "../harness/audio/listening.ts";
import { expectAllHearAll } from "../harness/checks/hearing.ts";
import type { Person } from "../harness/person.ts";
import { storyVariants } from "../harness/variants.ts";

let coturn: Coturn;

beforeAll(async () => {
  coturn = await startCoturn();
});
afterAll(() => coturn.stop());

// TCP to such a server is what udp-blocked.test.ts is about.
describe.each(storyVariants("udp", "tcp"))("a call of an instance with a TURN server over %s", (transport) => {
  const { gatherCallers } = openCallWorld(() => ({
    TURN_URLS: `turn:127.0.0.1:${coturn.port}?transport=${transport}`,
    TURN_SECRET: coturn.secret,
  }));
  let people: Person[];

  beforeAll(async () => {
    ({ people } = await gatherCallers(["Ann"], ["Bob"]));
    for (const person of people) await joinCall(person);
  });

  test("goes through that server only: both hear each other, and no address of theirs was sent", async () => {
    await expectAllHearAll(people);
    const { page, t } = people[0]!;
    await page.getByRole("button", { name: t("voice:quality.open", { quality: "" }).trim() }).click();
    await page.getByText(t("voice:quality.relayed")).waitFor();
    for (const person of people) {
      const types = await remoteCandidateTypes(person);
      expect(types).toContain("relay");
      expect(types.filter((type) => type === "host" || type === "srflx")).toEqual([]);
    }
  });
});
