import type { ServerState } from "@miscord/protocol";
import { beforeAll, beforeEach, expect, test } from "vitest";
import { callPanel, joinCall, startSharing } from "../harness/actions/call.ts";
import { logInAsVersion1 } from "../harness/actions/version-1.ts";
import { lectureHz, lectureTitle, writeLecture } from "../harness/audio/lecture.ts";
import { heard } from "../harness/audio/listening.ts";
import { callAsVersion1, version1States, type Version1Call } from "../harness/audio/version-1-caller.ts";
import { openCallWorld } from "../harness/call-world.ts";
import { expectHears, expectSilence, levelOf, patient } from "../harness/checks/hearing.ts";
import { firstChannel } from "../harness/community.ts";
import type { Person } from "../harness/person.ts";
import { storyVariants } from "../harness/variants.ts";

const rounds = Number(process.env["VERSION_1_ROUNDS"] ?? 4);

/** Calls that are a mesh. Ann has the current client; Bob and Cid call with a client of version 1, mostly the enhanced one. */
const { sounds, gatherCallers } = openCallWorld();
let server: ServerState;
let ann: Person;
let bob: Person;
let cid: Person;
const tokens = new Map<Person, string>();

beforeAll(async () => {
  const gathered = await gatherCallers(["Ann", { screen: lectureTitle }], ["Bob"], ["Cid"]);
  server = gathered.server;
  [ann, bob, cid] = gathered.people as [Person, Person, Person];
  for (const person of [bob, cid]) tokens.set(person, await logInAsVersion1(person));
});
beforeEach(async () => {
  for (const person of [bob, cid]) await person.open("/health/live");
});

function call(person: Person, options: Partial<Version1Call> = {}): Promise<void> {
  const [voiceId, token] = [firstChannel(server, "voice"), tokens.get(person)!];
  return callAsVersion1(person.page, { voiceId, token, isEnhanced: true, ...options });
}

test(`two enhanced clients of version 1 connect within five seconds, each of ${rounds} times`, async () => {
  for (let round = 0; round < rounds; round += 1) {
    await call(bob);
    await call(cid);
    const states = async () => [await version1States(bob.page), await version1States(cid.page)].flat();
    await expect
      .poll(states, { timeout: 5_000, interval: 100, message: `round ${round}` })
      .toEqual(["connected", "connected"]);
    if (round === rounds - 1)
      for (const [one, other] of [
        [bob, cid],
        [cid, bob],
      ] as const)
        await expectHears(one, other);
    for (const person of [bob, cid]) await person.open("/health/live");
  }
});

test("an enhanced client of version 1 whose microphone comes late is heard, and hears all the while", async () => {
  await joinCall(ann);
  await call(bob, { microphoneAfterMs: 2_500 });
  await call(cid);
  for (const [listener, speaker] of [
    [bob, ann],
    [ann, bob],
    [cid, ann],
    [ann, cid],
  ] as const)
    await expectHears(listener, speaker);
});

test.each(storyVariants(true, false))(
  "a client of version 1 hears a shared screen and the microphone, and afterwards the microphone (enhanced: %s)",
  async (isEnhanced) => {
    const lecture = await ann.context.newPage();
    await lecture.goto(writeLecture(sounds.path("lecture.html")));
    await ann.page.bringToFront();
    await call(bob, { isEnhanced });
    await expectHears(bob, ann);
    await startSharing(ann);
    await expect.poll(() => heard(bob, lectureHz), patient).toBeGreaterThan(-45);
    await expectHears(bob, ann);
    await ann.button(ann.t("voice:share.stop"), callPanel(ann)).click();
    await expect.poll(() => heard(bob, lectureHz), patient).toBeLessThan(-60);
    await expectHears(bob, ann);
    await ann.button(ann.t("voice:panel.mute"), callPanel(ann)).click();
    await expectSilence(bob, ann);
    await ann.button(ann.t("voice:panel.unmute"), callPanel(ann)).click();
    await lecture.close();
  },
);

test("a client of version 1 on a slow computer, whose offers come late, is heard each time it calls again", async () => {
  const devtools = await bob.context.newCDPSession(bob.page);
  for (const rate of [4, 10, 10, 4]) {
    await devtools.send("Emulation.setCPUThrottlingRate", { rate });
    await bob.open("/health/live");
    // Without this wait, sound from the call before would count as heard in the new one.
    await expect.poll(() => levelOf(ann, bob), patient).toBeLessThan(-40);
    await call(bob, { isEnhanced: false });
    await expectHears(ann, bob);
    await expectHears(bob, ann);
  }
});
