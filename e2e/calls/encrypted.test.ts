import type { ServerState } from "@miscord/protocol";
import { beforeAll, describe, expect, test } from "vitest";
import { joinCall, pressInCall } from "../harness/actions/call.ts";
import { cameraOf, expectMoving, turnCameraOn } from "../harness/actions/camera.ts";
import { readCode, untilSameCode } from "../harness/actions/encryption.ts";
import { decodeTapped, tapSound } from "../harness/audio/eavesdrop.ts";
import { openCallWorld, toneOf } from "../harness/call-world.ts";
import { expectAccessible } from "../harness/checks/accessibility.ts";
import { expectAllHearAll, expectSilence } from "../harness/checks/hearing.ts";
import type { Person } from "../harness/person.ts";

/** Of a hundred frames: noise that is decoded as sound sometimes is a tone. */
const tonesByChance = 8;

describe.each(["forwarded", "mesh"] as const)("in an encrypted call of the kind %s", (mode) => {
  const { gatherCallers } = openCallWorld(() => ({ VOICE_MODE: mode, VOICE_ADDRESS: "127.0.0.1" }));
  let server: ServerState;
  let people: Person[];
  let voiceId: number;

  beforeAll(async () => {
    ({ people, server } = await gatherCallers(["Ann"], ["Bob"], ["Cid"]));
    voiceId = server.channels.find(({ type }) => type === "voice")!.id;
    await people[0]!.rest.updateChannel(voiceId, { is_encrypted: true });
  });

  test("people hear and see each other under a lock with the same code, which changes when somebody comes or goes", async () => {
    const [ann, bob, cid] = people as [Person, Person, Person];
    await joinCall(ann);
    await joinCall(bob);
    await expectAllHearAll([ann, bob]);
    const ofTwo = await untilSameCode([ann, bob]);
    await turnCameraOn(ann);
    await expectMoving(cameraOf(bob, ann));
    await joinCall(cid);
    await expectAllHearAll(people);
    await expectMoving(cameraOf(cid, ann));
    const ofThree = await untilSameCode(people, [ofTwo]);
    await pressInCall(cid, "leave");
    await untilSameCode([ann, bob], [ofTwo, ofThree]);
    await expectAllHearAll([ann, bob]);
    await expectSilence(cid, ann);
    if (mode === "mesh") return;
    await ann.button(ann.t("voice:encryption.on")).click();
    await ann.button(ann.t("voice:encryption.verify")).click();
    await ann.page.getByText(ann.t("voice:encryption.verified")).waitFor();
    await expectAccessible(ann.page);
    await ann.page.keyboard.press("Escape");
  });

  // The rest is the same in both.
  if (mode === "mesh") return;

  test("what the forwarding unit has cannot be decoded, unlike in other calls", async () => {
    const [ann, bob, cid] = people as [Person, Person, Person];
    await joinCall(cid);
    await readCode(cid);
    await expectAllHearAll(people);
    await tapSound(cid);
    const encrypted = await decodeTapped(cid, toneOf(ann));
    expect(encrypted).toBeLessThan(tonesByChance);
    await ann.rest.updateChannel(voiceId, { is_encrypted: false });
    for (const person of people) await pressInCall(person, "leave");
    for (const person of people) await joinCall(person);
    await expectAllHearAll([ann, bob]);
    const clear = await decodeTapped(cid, toneOf(ann));
    expect(clear).toBeGreaterThan(2 * tonesByChance);
  });

  test("a browser that cannot encrypt is not let in, and is told why", async () => {
    const [ann, bob] = people as [Person, Person, Person];
    for (const person of people) await pressInCall(person, "leave");
    await ann.rest.updateChannel(voiceId, { is_encrypted: true });
    await bob.context.addInitScript(() => Reflect.deleteProperty(globalThis, "RTCRtpScriptTransform"));
    await bob.page.reload();
    await bob.button(bob.t("voice:stage.join"), bob.page.getByRole("main")).click();
    await bob.page.getByText(bob.t("voice:ended.encrypted")).waitFor();
  });
});
