import { beforeAll, expect, test } from "vitest";
import {
  callPanel,
  createStage,
  ignoringMutes,
  joinCall,
  marked,
  participant,
  pressInCall,
  untilInCall,
} from "../harness/actions/call.ts";
import { connectionCount, openConnections, remoteAddresses, untilRecovered } from "../harness/audio/listening.ts";
import { openCallWorld, toneOf } from "../harness/call-world.ts";
import { expectAccessible } from "../harness/checks/accessibility.ts";
import { audibleDb, expectAllHearAll, expectHears, expectSilence } from "../harness/checks/hearing.ts";
import { expectModeration } from "../harness/checks/moderation.ts";
import type { Person } from "../harness/person.ts";

const { world, gatherCallers } = openCallWorld(() => ({ VOICE_MODE: "forwarded", VOICE_ADDRESS: "127.0.0.1" }));
/** With three times the margin of a busy machine, from the end of the process until the last one hears everybody. */
const backWithinMs = 9_000;

let people: Person[];

beforeAll(async () => {
  ({ people } = await gatherCallers(["Ann"], ["Bob"], ["Cid"], ["Dan"], ["Eve"]));
});

test("two people in a forwarded call hear each other, and those who join later are heard and hear everybody", async () => {
  const [ann, bob] = people as [Person, Person];
  await joinCall(ann);
  await joinCall(bob);
  await expectAllHearAll([ann, bob]);
  for (const person of people.slice(2)) await joinCall(person);
  await expectAllHearAll(people);
  for (const person of people) await expectSilence(person, person);
});

test("everybody has one connection, and learns no address but the server's", async () => {
  for (const person of people) {
    expect(await openConnections(person)).toBe(1);
    expect(await remoteAddresses(person)).toEqual(["127.0.0.1"]);
  }
});

test("a muted participant is silent for everybody, and a deafened one hears nobody", async () => {
  const [ann, bob, cid] = people as [Person, Person, Person];
  await pressInCall(bob, "mute");
  await expectSilence(ann, bob);
  await expectHears(ann, cid);
  await marked(cid, "Bob", "muted").waitFor();
  await pressInCall(bob, "unmute");
  await expectHears(ann, bob);
  await pressInCall(ann, "deafen");
  await expectSilence(ann, bob);
  await expectHears(bob, cid);
  await pressInCall(ann, "undeafen");
  await expectAllHearAll(people);
});

test("whom a moderator mutes is heard by nobody, also with a client that goes on sending, and sees it", () =>
  expectModeration(people));

test("a killed forwarding process is replaced, and everybody hears everybody again without a click", async () => {
  const [former] = world.server.forwardingPids();
  const counts = await Promise.all(people.map(connectionCount));
  const since = Date.now();
  process.kill(former!, "SIGKILL");
  const recovered = await Promise.all(
    people.map((person, at) => {
      const tones = people.filter((other) => other !== person).map(toneOf);
      return untilRecovered(person, { former: counts[at]!, tones, level: audibleDb });
    }),
  );
  const heardMs = recovered.map(({ heardAt }) => heardAt - since);
  expect(Math.max(...heardMs)).toBeLessThan(backWithinMs);
  expect(world.server.forwardingPids()).not.toContain(former);
  for (const [at, count] of (await Promise.all(people.map(connectionCount))).entries()) {
    expect(count).toBeGreaterThan(counts[at]!);
  }
});

test("on a stage only those are heard whom a moderator has invited, once they unmute", async () => {
  const [ann, bob, cid] = people as [Person, Person, Person];
  await createStage(ann, "Lectures");
  for (const person of [ann, bob, cid]) {
    await person.page.getByRole("button", { name: person.t("voice:channels.join", { channel: "Lectures" }) }).click();
    await untilInCall(person);
    await callPanel(person).getByText(person.t("voice:speakers.listening")).waitFor();
  }
  await ann.button(ann.t("voice:speakers.speak")).click();
  await pressInCall(ann, "unmute");
  await expectHears(cid, ann);
  await ignoringMutes(bob, async () => {
    await bob.button(bob.t("voice:speakers.raise")).click();
    await ann.page.getByRole("img", { name: ann.t("voice:speakers.raised") }).waitFor();
    await expectSilence(cid, bob);
    await participant(ann, /Bob/).click();
    await expectAccessible(ann.page);
    await ann.button(ann.t("voice:speakers.invite")).click();
    await bob.button(bob.t("voice:speakers.stepDown")).waitFor();
  });
  await pressInCall(bob, "unmute");
  await expectHears(cid, bob);
  await expectAccessible(bob.page);
  await bob.button(bob.t("voice:speakers.stepDown")).click();
  await expectSilence(cid, bob);
  await expectHears(bob, ann);
});
