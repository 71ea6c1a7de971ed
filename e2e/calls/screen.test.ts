import type { Locator, Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import { callPanel, joinCall, participantList, pressInCall, startSharing } from "../harness/actions/call.ts";
import { lectureHz, lectureTitle, writeLecture } from "../harness/audio/lecture.ts";
import { heard, sentVideoBytes } from "../harness/audio/listening.ts";
import { openCallWorld } from "../harness/call-world.ts";
import { expectAccessible } from "../harness/checks/accessibility.ts";
import { patient } from "../harness/checks/hearing.ts";
import type { Person } from "../harness/person.ts";

const { sounds, gatherCallers } = openCallWorld();
let ann: Person;
let bob: Person;
let lecture: Page;

beforeAll(async () => {
  const address = writeLecture(sounds.path("lecture.html"));
  const { people } = await gatherCallers(
    ["Ann", { screen: lectureTitle, theme: "dark" }],
    ["Bob", { screen: lectureTitle, theme: "light" }],
  );
  [ann, bob] = people as [Person, Person];
  for (const person of people) await joinCall(person);
  const pages = await Promise.all(people.map(({ context }) => context.newPage()));
  lecture = pages[0]!;
  for (const page of pages) await page.goto(address);
  for (const { page } of people) await page.bringToFront();
});

const offerOf = ({ page, t }: Person, name: string) =>
  page.getByRole("button", { name: t("voice:share.watchOf", { name }) });
const screenOf = ({ page, t }: Person, name: string) =>
  page.locator(`video[aria-label="${t("voice:share.video", { name })}"]`);
const ownScreen = ({ page, t }: Person) => page.getByText(t("voice:share.mine"));
const stopSharing = (person: Person) => person.button(person.t("voice:share.stop"), callPanel(person)).click();

/** The shared page changes its colour, so a moving picture shows several colours. */
async function expectMoving(video: Locator): Promise<void> {
  const colours = new Set<string>();
  await expect
    .poll(async () => {
      colours.add(await video.evaluate(colourOf));
      return colours.size;
    }, patient)
    .toBeGreaterThan(4);
}

/** Colour of the middle of the video, in steps coarse enough for an encoder. Runs in the page. */
function colourOf(video: HTMLElement | SVGElement): string {
  const context = new OffscreenCanvas(1, 1).getContext("2d")!;
  const { videoWidth, videoHeight } = video as HTMLVideoElement;
  if (videoWidth === 0) return "nothing";
  context.drawImage(video as HTMLVideoElement, videoWidth / 2, videoHeight / 2, 1, 1, 0, 0, 1, 1);
  return [...context.getImageData(0, 0, 1, 1).data].map((value) => value >> 5).join(" ");
}

test("a shared screen is offered to others, and no video is sent before somebody watches", async () => {
  await startSharing(ann);
  await offerOf(bob, "Ann").waitFor();
  await participantList(bob, 2).getByLabel(bob.t("voice:mark.sharing")).waitFor();
  expect(await sentVideoBytes(ann)).toBe(0);
  expect(await heard(bob, lectureHz)).toBeLessThan(-60);
});

test("a viewer sees the shared screen move and hears its sound, also in full screen", async () => {
  const { page, t } = bob;
  await offerOf(bob, "Ann").click();
  await expectMoving(screenOf(bob, "Ann"));
  await expect.poll(() => heard(bob, lectureHz), patient).toBeGreaterThan(-45);
  await bob.button(t("voice:share.fullscreen")).click();
  await expect.poll(() => page.evaluate(() => document.fullscreenElement !== null), patient).toBe(true);
  await page.evaluate(() => document.exitFullscreen());
});

test("a screen in a window of its own goes on in other channels, and the stage of the call too, until the call ends", async () => {
  const { page, context, t } = bob;
  const opening = context.waitForEvent("page");
  await bob.button(t("voice:popOut.picture")).click();
  const picture = await opening;
  await expectMoving(picture.locator("video"));
  await page.getByRole("link", { name: "general" }).first().click();
  await expectMoving(picture.locator("video"));
  await expectAccessible(picture);
  const closed = picture.waitForEvent("close");
  // The page of the button is gone before the key is released.
  void picture
    .getByRole("button", { name: t("voice:popOut.close") })
    .press("Enter")
    .catch(() => {});
  await closed;
  await page.goBack();
  const again = context.waitForEvent("page");
  await bob.button(t("voice:popOut.stage")).click();
  const stage = await again;
  await page.getByText(t("voice:popOut.isOut")).waitFor();
  await expectMoving(stage.locator(`video[aria-label="${t("voice:share.video", { name: "Ann" })}"]`));
  await expectAccessible(stage);
  const ended = stage.waitForEvent("close");
  await pressInCall(bob, "leave");
  await ended;
  await joinCall(bob);
  await offerOf(bob, "Ann").click();
  await expectMoving(screenOf(bob, "Ann"));
});

test("two people share screens at once, and each sees the other's and their own", async () => {
  await startSharing(bob);
  await offerOf(ann, "Bob").click();
  await expectMoving(screenOf(ann, "Bob"));
  await expectMoving(screenOf(bob, "Ann"));
  await ownScreen(ann).waitFor();
});

test("the page of a call with two shared screens is accessible", async () => {
  await expectAccessible(ann.page);
  await expectAccessible(bob.page);
});

test("a viewer who stops watching is sent no more video or sound", async () => {
  await bob.button(bob.t("voice:share.unwatch")).click();
  await offerOf(bob, "Ann").waitFor();
  await expect.poll(() => heard(bob, lectureHz), patient).toBeLessThan(-60);
  const sent = await sentVideoBytes(ann);
  await expectMoving(screenOf(ann, "Bob"));
  expect(await sentVideoBytes(ann)).toBe(sent);
});

test("the button that stops sharing removes the screen for everybody", async () => {
  await stopSharing(bob);
  await screenOf(ann, "Bob").waitFor({ state: "detached" });
  await offerOf(ann, "Bob").waitFor({ state: "detached" });
  await ownScreen(bob).waitFor({ state: "detached" });
});

test("a participant who joins later is offered the screen, and sees it again when sharing is restarted", async () => {
  await pressInCall(bob, "leave");
  await joinCall(bob);
  await offerOf(bob, "Ann").click();
  await expectMoving(screenOf(bob, "Ann"));
  await stopSharing(ann);
  await screenOf(bob, "Ann").waitFor({ state: "detached" });
  await startSharing(ann);
  await offerOf(bob, "Ann").click();
  await expectMoving(screenOf(bob, "Ann"));
});

test("closing the shared page ends the sharing for everybody", async () => {
  await lecture.close();
  await screenOf(bob, "Ann").waitFor({ state: "detached" });
  await ownScreen(ann).waitFor({ state: "detached" });
  await expect.poll(() => heard(bob, lectureHz), patient).toBeLessThan(-60);
});
