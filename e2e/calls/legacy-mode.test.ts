import type { Mode } from "@miscord/client";
import { beforeAll, expect, test } from "vitest";
import { joinCall, marked, pressInCall, untilInCall } from "../harness/actions/call.ts";
import { connectionCount } from "../harness/audio/listening.ts";
import { openCallWorld } from "../harness/call-world.ts";
import { switchMode } from "../harness/checks/connection.ts";
import { expectAllHearAll, expectHears, expectSilence, expectSilentNow, patient } from "../harness/checks/hearing.ts";
import type { Person } from "../harness/person.ts";

const { gatherCallers } = openCallWorld();
let people: Person[];
let ann: Person;
let bob: Person;

beforeAll(async () => {
  ({ people } = await gatherCallers(["Ann"], ["Bob"]));
  [ann, bob] = people as [Person, Person];
  for (const person of people) await joinCall(person);
});

test("callers hear each other after either switches between enhanced and legacy mode during the call", async () => {
  await expectAllHearAll(people);
  const switches: [Person, Mode][] = [
    [bob, "legacy"],
    [ann, "legacy"],
    [bob, "enhanced"],
    [ann, "enhanced"],
  ];
  for (const [person, mode] of switches) {
    const before = await connectionCount(person);
    await switchMode(person, mode);
    // Sound that is still heard from the old connection proves nothing about the new one.
    await expect.poll(() => connectionCount(person), patient).toBeGreaterThan(before);
    await expectAllHearAll(people);
    await untilInCall(person);
  }
});

test("a muted caller stays muted after switching to legacy mode", async () => {
  await pressInCall(ann, "mute");
  await expectSilence(bob, ann);
  await switchMode(ann, "legacy");
  await marked(bob, "Ann", "muted").waitFor();
  await expectHears(ann, bob);
  await expectSilentNow(bob, ann);
  await pressInCall(ann, "unmute");
  await expectAllHearAll(people);
});
