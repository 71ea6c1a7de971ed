import type { ServerState } from "@miscord/protocol";
import { beforeAll, expect, test } from "vitest";
import { joinCall } from "../harness/actions/call.ts";
import { logInAsVersion1 } from "../harness/actions/version-1.ts";
import { callAsVersion1 } from "../harness/audio/version-1-caller.ts";
import { openCallWorld } from "../harness/call-world.ts";
import { expectAllHearAll, expectHears, levelOf, patient } from "../harness/checks/hearing.ts";
import { firstChannel } from "../harness/community.ts";
import type { Person } from "../harness/person.ts";

/** Bob calls with a client of version 1. His id is between the others', so his peers are one polite and one impolite. */
const { gatherCallers } = openCallWorld();
let server: ServerState;
let people: Person[];
let ann: Person;
let bob: Person;
let cid: Person;

beforeAll(async () => {
  ({ server, people } = await gatherCallers(["Ann"], ["Bob"], ["Cid"]));
  [ann, bob, cid] = people as [Person, Person, Person];
});

async function callAsBob(): Promise<void> {
  await bob.open("/health/live");
  // Without this wait, sound from the call before would count as heard in the new one.
  await expect.poll(() => levelOf(ann, bob), patient).toBeLessThan(-40);
  await callAsVersion1(bob.page, { voiceId: firstChannel(server, "voice"), token: await logInAsVersion1(bob) });
}

test("a client of version 1 and two current clients hear one another in a call", async () => {
  await joinCall(ann);
  await callAsBob();
  await joinCall(cid);
  await expectAllHearAll(people);
});

test("a client of version 1 on a slow computer, whose offers come late, is heard each time it calls again", async () => {
  const devtools = await bob.context.newCDPSession(bob.page);
  for (const rate of [4, 10, 10, 4]) {
    await devtools.send("Emulation.setCPUThrottlingRate", { rate });
    await callAsBob();
    await expectHears(ann, bob);
    await expectHears(bob, ann);
  }
});
