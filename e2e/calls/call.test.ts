import { setTimeout } from "node:timers/promises";
import { beforeAll, expect, test } from "vitest";
import {
  callPanel,
  joinCall,
  marked,
  participant,
  participantList,
  pressInCall,
  startMicrophoneTest,
  untilInCall,
} from "../harness/actions/call.ts";
import { connectionCount } from "../harness/audio/listening.ts";
import { openCallWorld } from "../harness/call-world.ts";
import { expectAccessible } from "../harness/checks/accessibility.ts";
import { expectAllHearAll, expectHears, expectSilence, levelOf, patient } from "../harness/checks/hearing.ts";
import { expectModeration } from "../harness/checks/moderation.ts";
import type { Person } from "../harness/person.ts";

const { world, gatherCallers } = openCallWorld();
let people: Person[];
let ann: Person;
let bob: Person;
let cid: Person;

beforeAll(async () => {
  ({ people } = await gatherCallers(["Ann"], ["Bob"], ["Cid"]));
  [ann, bob, cid] = people as [Person, Person, Person];
  for (const person of people) await joinCall(person);
});

/** The median level over some seconds. A busy machine drops packets, and what fills the gap varies in level. */
async function steadyLevel(listener: Person, speaker: Person): Promise<number> {
  const levels: number[] = [];
  while (levels.length < 9) {
    levels.push(await levelOf(listener, speaker));
    await setTimeout(400);
  }
  return levels.toSorted((a, b) => a - b)[4]!;
}

test("three people in a call hear one another, and nobody hears their own voice", async () => {
  await expectAllHearAll(people);
  for (const person of people) await expectSilence(person, person);
});

test("whom a moderator mutes is heard by nobody, also with a client that goes on sending, and sees it", () =>
  expectModeration(people));

test("a speaking participant has a ring on the stage and in the channel list", async () => {
  await ann.page.getByRole("main").locator("[data-speaking]").nth(2).waitFor();
  await participantList(ann, 3).locator("[data-speaking]").nth(2).waitFor();
});

test("the call's stage, a participant's options, the connection panel and the voice settings are accessible", async () => {
  const { page, t } = ann;
  await expectAccessible(page);
  await participant(ann, /Bob/).click();
  await page.getByRole("slider", { name: t("voice:person.volumeOf", { name: "Bob" }) }).waitFor();
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: t("voice:quality.open", { quality: "" }).trim() }).click();
  await page.getByRole("img", { name: t("voice:quality.historyOf", { name: "Cid" }) }).waitFor();
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await pressInCall(ann, "settings");
  await startMicrophoneTest(ann);
  await page.getByRole("meter").waitFor();
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await untilInCall(ann, callPanel(ann));
});

test("a muted participant is silent for everybody and shown as muted, and is heard again after unmuting", async () => {
  await pressInCall(bob, "mute");
  await expectSilence(ann, bob);
  await expectSilence(cid, bob);
  await expectHears(ann, cid);
  await marked(cid, "Bob", "muted").waitFor();
  await pressInCall(bob, "unmute");
  await expectHears(ann, bob);
});

test("a deafened participant hears nobody and is muted, until undeafening", async () => {
  await pressInCall(ann, "deafen");
  await expectSilence(ann, bob);
  await expectSilence(ann, cid);
  await expectSilence(bob, ann);
  await expectHears(bob, cid);
  await marked(bob, "Ann", "deafened").waitFor();
  await pressInCall(ann, "undeafen");
  await expectHears(ann, bob);
  await expectHears(bob, ann);
});

test("a participant's volume changes for one listener only, from nothing to double, and survives a reload", async () => {
  const { page, t } = ann;
  await participant(ann, /Bob/).click();
  const slider = page.getByRole("slider", { name: t("voice:person.volumeOf", { name: "Bob" }) });
  const levels = () => Promise.all([steadyLevel(ann, bob), steadyLevel(ann, cid)]);
  const [usual, others] = await levels();
  await slider.press("End");
  const asWanted = [expect.closeTo(usual + 6, 0), expect.closeTo(others, 0)];
  await expect.poll(levels, patient).toEqual(asWanted);
  await slider.press("Home");
  await expectSilence(ann, bob);
  await expectHears(ann, cid);
  await expectHears(cid, bob);
  for (let percent = 0; percent < 100; percent += 5) await slider.press("ArrowRight");
  await expectHears(ann, bob);
  await ann.button(t("voice:person.mute")).click();
  await expectSilence(ann, bob);
  await page.reload();
  await untilInCall(ann);
  await expectHears(ann, cid);
  await expectSilence(ann, bob);
  await participant(ann, /Bob/).click();
  await ann.button(t("voice:person.unmute")).click();
  await expectHears(ann, bob);
  await page.keyboard.press("Escape");
});

test("a killed server does not interrupt the sound of a call, and signalling reconnects by itself", async () => {
  for (const { problems } of people) problems.allowOutage();
  await expectAllHearAll(people);
  const connections = await Promise.all(people.map(connectionCount));
  await world.server.kill("SIGKILL");
  for (const { page, t } of people)
    await page.getByText(t("voice:status.reconnecting"), { exact: true }).first().waitFor();
  await expectAllHearAll(people);
  await world.server.start();
  for (const person of people) await untilInCall(person);
  await pressInCall(cid, "mute");
  await marked(ann, "Cid", "muted").waitFor();
  await expectSilence(ann, cid);
  await pressInCall(cid, "unmute");
  await expectAllHearAll(people);
  expect(await Promise.all(people.map(connectionCount))).toEqual(connections);
});

test("a participant who leaves the call is neither heard nor listed any more", async () => {
  await pressInCall(cid, "leave");
  await expectSilence(ann, cid);
  await expectSilence(cid, ann);
  await participantList(ann, 2).waitFor();
  await participantList(cid, 2).waitFor();
  await expectHears(ann, bob);
});

test("joining the call in a second window ends it in the first, which says so", async () => {
  const { page, t, context } = bob;
  const second = await context.newPage();
  await second.goto(page.url());
  await bob.button(t("voice:stage.join"), second.getByRole("main")).click();
  await untilInCall(bob, second);
  await page.getByText(t("voice:ended.replaced")).waitFor();
  await callPanel(bob).waitFor({ state: "detached" });
  await expectHears(ann, bob);
  await participantList(ann, 2).waitFor();
});
