import { bitsOf } from "@miscord/rights";
import { beforeAll, describe, expect, test } from "vitest";
import { openSettings } from "../harness/actions/accounts.ts";
import { callPanel, joinCall, participant, participantList, startSharing } from "../harness/actions/call.ts";
import { cameraOf, expectMoving, ownCamera, trackIn, turnCameraOff, turnCameraOn } from "../harness/actions/camera.ts";
import { lectureTitle, writeLecture } from "../harness/audio/lecture.ts";
import { sentVideoBytes } from "../harness/audio/listening.ts";
import { phone } from "../harness/browser.ts";
import { openCallWorld } from "../harness/call-world.ts";
import { expectAccessible } from "../harness/checks/accessibility.ts";
import { expectAllHearAll, patient } from "../harness/checks/hearing.ts";
import type { Person } from "../harness/person.ts";
import { storyVariants } from "../harness/variants.ts";

// Cameras of a mesh are seen in encrypted.test.ts.
describe.each(storyVariants<"forwarded" | "mesh">("forwarded", "mesh"))("in a call of the kind %s", (mode) => {
  const { sounds, gatherCallers } = openCallWorld(() => ({ VOICE_MODE: mode, VOICE_ADDRESS: "127.0.0.1" }));
  let ann: Person;
  let bob: Person;
  let channelId: number;

  beforeAll(async () => {
    const address = writeLecture(sounds.path("lecture.html"));
    const { people, server } = await gatherCallers(
      ["Ann", { screen: lectureTitle }],
      ["Bob", { viewport: phone, theme: "light" }],
    );
    [ann, bob] = people as [Person, Person];
    channelId = server.channels.find(({ type }) => type === "voice")!.id;
    for (const person of people) await joinCall(person);
    const lecture = await ann.context.newPage();
    await lecture.goto(address);
    await ann.page.bringToFront();
  });

  test("two cameras are seen beside a shared screen, and one that is turned off is gone everywhere, its device stopped", async () => {
    await turnCameraOn(ann);
    await expectMoving(cameraOf(bob, ann));
    await participantList(ann, 2).getByLabel(ann.t("voice:mark.camera_on")).waitFor();
    await startSharing(ann);
    await bob.page.getByRole("button", { name: bob.t("voice:share.watchOf", { name: "Ann" }) }).click();
    const screen = bob.page.locator(`video[aria-label="${bob.t("voice:share.video", { name: "Ann" })}"]`);
    await expectMoving(screen);
    await turnCameraOn(bob);
    await expectMoving(cameraOf(ann, bob));
    await expectMoving(cameraOf(bob, ann));
    await expectMoving(ownCamera(bob));
    await expectAllHearAll([ann, bob]);
    if (mode === "forwarded") await expectAccessible(bob.page);
    const track = await trackIn(ownCamera(ann));
    await turnCameraOff(ann);
    expect(await track.evaluate(({ readyState }) => readyState)).toBe("ended");
    await cameraOf(bob, ann).waitFor({ state: "detached" });
    await expectMoving(screen);
    await expectMoving(cameraOf(ann, bob));
  });

  test("who may show nothing any more is seen by nobody, with the device stopped, and is told", async () => {
    const track = await trackIn(ownCamera(bob));
    const { id } = await bob.rest.me();
    await ann.rest.setOverride(channelId, id, { type: "member", allow: 0, deny: bitsOf("stream") });
    await cameraOf(ann, bob).waitFor({ state: "detached" });
    await bob.page.getByText(bob.t("voice:camera.problem.taken")).waitFor();
    expect(await track.evaluate(({ readyState }) => readyState)).toBe("ended");
    expect(await bob.button(bob.t("voice:camera.forbidden"), callPanel(bob)).isDisabled()).toBe(true);
    await ann.rest.removeOverride(channelId, id, "member");
    await turnCameraOn(bob);
    await expectMoving(cameraOf(ann, bob));
  });

  // A mesh sends no camera to somebody who hides it either; one kind tells the story.
  if (mode === "mesh") return;
  test("a camera is enlarged by keyboard, and one that is hidden, or on a page that is left, is not sent at all", async () => {
    const { page, t } = ann;
    const name = t("voice:camera.video", { name: "Bob" });
    await page.getByRole("button", { name: t("voice:tile.enlarge", { name }) }).focus();
    const width = async () => (await cameraOf(ann, bob).boundingBox())?.width ?? 0;
    const before = await width();
    await page.keyboard.press("Enter");
    await expect.poll(width, patient).toBeGreaterThan(1.5 * before);
    await expectAccessible(page);
    await page.keyboard.press("Escape");
    await expect.poll(width, patient).toBe(before);
    await cameraOf(ann, bob).hover();
    await ann.button(t("voice:camera.hide")).click();
    await expectNothingSent(bob);
    await participant(ann, /Bob/).click();
    await ann.button(t("voice:camera.show")).click();
    await expectMoving(cameraOf(ann, bob));
    // Of somebody who is blocked neither the camera nor the screen that was watched is sent.
    await turnCameraOn(ann);
    await expectMoving(cameraOf(bob, ann));
    await bob.rest.block((await ann.rest.me()).id);
    await cameraOf(bob, ann).waitFor({ state: "detached" });
    await expectNothingSent(ann);
    await turnCameraOff(ann);
    await page.getByRole("link", { name: "general" }).first().click();
    await expectNothingSent(bob);
    await openSettings(ann, "voice");
    await ann.button(t("voice:settings.cameraTest")).click();
    await expectMoving(ownCamera(ann));
    const track = await trackIn(ownCamera(ann));
    expect(await cameraOf(bob, ann).count()).toBe(0);
    await page.keyboard.press("Escape");
    await expect.poll(() => track.evaluate(({ readyState }) => readyState), patient).toBe("ended");
    // Permitted only after the call was left: the next one does not get the camera.
    const asked = await holdCamera(ann);
    await ann.button(t("voice:camera.on"), callPanel(ann)).click();
    await ann.button(t("voice:panel.leave"), callPanel(ann)).click();
    await page.goBack();
    await joinCall(ann);
    await asked.evaluate(({ permit }) => permit());
    await expect.poll(() => asked.evaluate(({ opened }) => opened?.readyState), patient).toBe("ended");
    await ann.button(t("voice:camera.on"), callPanel(ann)).waitFor();
  });

  /** The browser asks for the camera, and waits for the answer. */
  function holdCamera({ page }: Person) {
    return page.evaluateHandle(() => {
      const { promise, resolve: permit } = Promise.withResolvers<void>();
      const asked = { permit, opened: null as MediaStreamTrack | null };
      const { mediaDevices } = navigator;
      const open = mediaDevices.getUserMedia.bind(mediaDevices);
      mediaDevices.getUserMedia = async (wanted) => {
        if (wanted?.video) await promise;
        const stream = await open(wanted);
        if (wanted?.video) [asked.opened = null] = stream.getVideoTracks();
        return stream;
      };
      return asked;
    });
  }

  /** Waits until no picture leaves the person's device. */
  async function expectNothingSent(person: Person): Promise<void> {
    let former = -1;
    await expect
      .poll(
        async () => {
          const sent = await sentVideoBytes(person);
          const isStill = sent === former;
          former = sent;
          return isStill;
        },
        { ...patient, interval: 500 },
      )
      .toBe(true);
  }
});
