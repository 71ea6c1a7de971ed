import { beforeAll, expect, test } from "vitest";
import { openSettings } from "../harness/actions/accounts.ts";
import { joinCall, pressInCall, startMicrophoneTest } from "../harness/actions/call.ts";
import { heard, liveMicrophones, plugMicrophone } from "../harness/audio/listening.ts";
import { openCallWorld } from "../harness/call-world.ts";
import { expectHears, expectSilence, expectSilentNow, patient } from "../harness/checks/hearing.ts";
import type { Person } from "../harness/person.ts";

/** Frequency of the sound that a leaving participant makes. */
const leaveSoundHz = 659;

const { sounds, gatherCallers } = openCallWorld();
let ann: Person;
let bob: Person;
let cid: Person;

beforeAll(async () => {
  const { people } = await gatherCallers(
    ["Ann"],
    // Other permissions than the microphone's: the browser denies it.
    [
      "Bob",
      { microphone: sounds.beeps(900, 0.1), grantsMicrophone: false, context: { permissions: ["notifications"] } },
    ],
    [
      "Cid",
      {
        microphone: null,
        grantsMicrophone: false,
        needsClickForSound: true,
        context: { permissions: ["microphone"] },
      },
    ],
  );
  [ann, bob, cid] = people as [Person, Person, Person];
  await joinCall(ann);
});

test("a caller without a microphone whose browser blocks sound is told both, and hears the call after one click", async () => {
  const { page, t } = cid;
  await joinCall(cid);
  await page.getByText(t("voice:panel.blocked")).waitFor();
  await page.getByText(t("voice:problem.missing")).waitFor();
  await expectSilentNow(cid, ann);
  await pressInCall(cid, "play");
  await expectHears(cid, ann);
  await page.getByText(t("voice:panel.blocked")).waitFor({ state: "detached" });
  await cid.context.close();
});

test("a caller whose microphone is denied can listen, and is heard once it is allowed", async () => {
  const { page, t } = bob;
  await joinCall(bob);
  await page.getByText(t("voice:problem.denied")).waitFor();
  await expectHears(bob, ann);
  await expectSilentNow(ann, bob);
  await bob.context.grantPermissions(["microphone"]);
  await pressInCall(bob, "retry");
  await expectHears(ann, bob);
  await page.getByText(t("voice:problem.denied")).waitFor({ state: "detached" });
});

test("a caller whose microphone is unplugged still listens, and is heard again once it is plugged in", async () => {
  const { page, t } = bob;
  await plugMicrophone(bob, false);
  await page.getByText(t("voice:problem.unplugged")).waitFor();
  await expectSilence(ann, bob);
  await expectHears(bob, ann);
  await plugMicrophone(bob, true);
  await expectHears(ann, bob);
  await page.getByText(t("voice:problem.unplugged")).waitFor({ state: "detached" });
});

test("another microphone can be chosen during a call", async () => {
  const { page, t } = bob;
  await pressInCall(bob, "settings");
  await page.getByRole("combobox", { name: t("voice:settings.microphone") }).click();
  await page.getByRole("option", { name: "Fake Audio Input 1" }).click();
  await expect.poll(() => liveMicrophones(bob), patient).toEqual(["Fake Audio Input 1"]);
  await expectHears(ann, bob);
});

test("the microphone test shows the level, and plays one's own voice when asked to", async () => {
  const { page, t } = bob;
  await startMicrophoneTest(bob);
  const meter = page.getByRole("meter", { name: t("voice:settings.level") });
  await expect.poll(async () => Number(await meter.getAttribute("aria-valuenow")), patient).toBeGreaterThan(50);
  await expectSilentNow(bob, bob);
  await page.getByRole("switch", { name: t("voice:settings.monitor") }).click();
  await expectHears(bob, bob);
  await bob.button(t("voice:settings.testStop")).click();
  await expectSilence(bob, bob);
});

test("sound below the chosen sensitivity is not sent", async () => {
  const { page, t } = bob;
  const automatic = page.getByRole("switch", { name: t("voice:settings.thresholdAuto") });
  await automatic.click();
  await page.getByRole("slider", { name: t("voice:settings.threshold") }).press("End");
  await expectSilence(ann, bob);
  await automatic.click();
  await expectHears(ann, bob);
});

test("with push to talk a caller is heard only while the chosen key is held", async () => {
  const { page, t } = bob;
  await page.getByRole("radio", { name: t("voice:settings.push") }).click();
  await expectSilence(ann, bob);
  await bob.button(t("voice:settings.keyChange")).click();
  await page.keyboard.press("F8");
  await page.getByText("F8", { exact: true }).waitFor();
  await page.keyboard.press("Escape");
  await page.keyboard.down("F8");
  await expectHears(ann, bob);
  await page.keyboard.up("F8");
  await expectSilence(ann, bob);
});

test("with sounds switched on, a participant who leaves is announced by a sound", async () => {
  await openSettings(ann, "voice");
  await ann.page.getByRole("switch", { name: ann.t("voice:settings.sounds") }).click();
  await ann.page.keyboard.press("Escape");
  await pressInCall(bob, "leave");
  await expect.poll(() => heard(ann, leaveSoundHz, 10), patient).toBeGreaterThan(-60);
});
