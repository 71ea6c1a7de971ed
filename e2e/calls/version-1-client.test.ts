import type { ServerState } from "@miscord/protocol";
import { beforeAll, expect, test } from "vitest";
import { callPanel, joinCall, startSharing } from "../harness/actions/call.ts";
import { expectMoving } from "../harness/actions/camera.ts";
import { logInAsVersion1 } from "../harness/actions/version-1.ts";
import { lectureHz, lectureTitle, writeLecture } from "../harness/audio/lecture.ts";
import { connectionCount, heard, openConnections, remoteAddresses } from "../harness/audio/listening.ts";
import { callAsVersion1, shareAsVersion1, type Version1Call } from "../harness/audio/version-1-caller.ts";
import { openCallWorld } from "../harness/call-world.ts";
import { expectAllHearAll, expectHears, expectSilence, levelOf, patient } from "../harness/checks/hearing.ts";
import { firstChannel } from "../harness/community.ts";
import type { Person } from "../harness/person.ts";

/** Bob calls with a client of version 1, in a call that is forwarded. */
const { world, sounds, gatherCallers } = openCallWorld(() => ({
  VOICE_MODE: "forwarded",
  VOICE_ADDRESS: "127.0.0.1",
}));
let server: ServerState;
let people: Person[];
let ann: Person;
let bob: Person;
let cid: Person;
let token: string;

beforeAll(async () => {
  ({ server, people } = await gatherCallers(["Ann", { screen: lectureTitle }], ["Bob"], ["Cid"]));
  [ann, bob, cid] = people as [Person, Person, Person];
  token = await logInAsVersion1(bob);
});

const voiceId = () => firstChannel(server, "voice");

async function callAsBob(options: Partial<Version1Call> = {}): Promise<void> {
  await bob.open("/health/live");
  // Without this wait, sound from the call before would count as heard in the new one.
  await expect.poll(() => levelOf(ann, bob), patient).toBeLessThan(-40);
  await callAsVersion1(bob.page, { voiceId: voiceId(), token, ...options });
}

test("a client of version 1 in a forwarded call is heard and hears, and the others have one connection each", async () => {
  await joinCall(ann);
  await callAsBob();
  await joinCall(cid);
  await expectAllHearAll(people);
  for (const person of [ann, cid]) expect(await openConnections(person)).toBe(1);
  for (const person of people) expect(await remoteAddresses(person)).toEqual(["127.0.0.1"]);
});

test("it sees a shared screen and hears its sound with the voice, and its own screen is seen", async () => {
  const lecture = await ann.context.newPage();
  await lecture.goto(writeLecture(sounds.path("lecture.html")));
  await ann.page.bringToFront();
  await startSharing(ann);
  await expectMoving(bob.page.locator("video"));
  await expect.poll(() => heard(bob, lectureHz), patient).toBeGreaterThan(-45);
  await expectHears(bob, ann);
  await ann.button(ann.t("voice:share.stop"), callPanel(ann)).click();
  await expect.poll(() => heard(bob, lectureHz), patient).toBeLessThan(-60);
  await expectHears(bob, ann);
  await shareAsVersion1(bob.page);
  await ann.page.getByRole("button", { name: ann.t("voice:share.watchOf", { name: "Bob" }) }).click();
  await expectMoving(ann.page.locator(`video[aria-label="${ann.t("voice:share.video", { name: "Bob" })}"]`));
  await expectAllHearAll(people);
});

test("whom a moderator mutes is silent although it goes on sending, and a killed forwarding process is replaced", async () => {
  const bobId = (await bob.rest.me()).id;
  await ann.rest.moderateVoice(voiceId(), bobId, { muted: true });
  await expectSilence(ann, bob);
  await ann.rest.moderateVoice(voiceId(), bobId, { muted: false });
  await expectHears(ann, bob);
  const counts = await Promise.all(people.map(connectionCount));
  process.kill(world.server.forwardingPids()[0]!, "SIGKILL");
  for (const [at, person] of people.entries()) {
    await expect.poll(() => connectionCount(person), patient).toBeGreaterThan(counts[at]!);
  }
  await expectAllHearAll(people);
  await callAsBob({ isEnhanced: true });
  await expectAllHearAll(people);
});
