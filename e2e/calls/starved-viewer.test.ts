import { afterAll, beforeAll, expect, test } from "vitest";
import { joinCall } from "../harness/actions/call.ts";
import { cameraOf, expectMoving, turnCameraOn } from "../harness/actions/camera.ts";
import { openCallWorld } from "../harness/call-world.ts";
import { patient } from "../harness/checks/hearing.ts";
import { LossyDatagrams } from "../harness/lossy-datagrams.ts";
import type { Person } from "../harness/person.ts";

const { gatherCallers } = openCallWorld(() => ({ VOICE_MODE: "forwarded", VOICE_ADDRESS: "127.0.0.1" }));
/** Bytes a second that are enough for voices and a small picture. */
const leastBytes = 20_000;
/** For which what a full picture takes is measured. */
const measuredMs = 4_000;
/** The small encoding of a camera has no more lines than this; browsers that are busy scale the full one down to more. */
const smallLines = 180;

const network = new LossyDatagrams();
let people: Person[];

beforeAll(async () => {
  ({ people } = await gatherCallers(["Ann"], ["Bob"], ["Cid"]));
  const cid = people[2]!;
  await network.stand(cid.context);
  await cid.page.reload();
  for (const person of people) await joinCall(person);
});
afterAll(() => network.close());

/** Lines of the picture of Ann's camera; 0 before the first one. */
function lines(viewer: Person): Promise<number> {
  return cameraOf(viewer, people[0]!).evaluate((video) => (video as HTMLVideoElement).videoHeight);
}

test("a viewer whose network is too slow gets the small picture, and the full one again later; the other's stays as it is", async () => {
  const [ann, bob, cid] = people as [Person, Person, Person];
  await turnCameraOn(ann);
  for (const viewer of [bob, cid]) await expect.poll(() => lines(viewer), patient).toBeGreaterThan(smallLines);
  const smallest = await bob.page.evaluateHandle(watchLines, cameraOfSelector(bob, ann));
  // How much a full picture takes depends on how fast this machine is.
  network.bytesPerSecond = Math.max(leastBytes, (await network.measure(measuredMs)) / 2);
  await expect.poll(() => lines(cid), patient).toBeLessThanOrEqual(smallLines);
  await expectMoving(cameraOf(cid, ann));
  network.bytesPerSecond = Infinity;
  await expect.poll(() => lines(cid), patient).toBeGreaterThan(smallLines);
  await expectMoving(cameraOf(cid, ann));
  await expectMoving(cameraOf(bob, ann));
  expect(await smallest.evaluate(({ lines }) => lines)).toBeGreaterThan(smallLines);
});

function cameraOfSelector({ t }: Person, { name }: Person): string {
  return `video[aria-label="${t("voice:camera.video", { name })}"]`;
}

/** Notes the fewest lines that the picture has from here on. Runs in the page. */
function watchLines(selector: string): { lines: number } {
  const video = document.querySelector<HTMLVideoElement>(selector)!;
  const smallest = { lines: video.videoHeight };
  video.addEventListener("resize", () => (smallest.lines = Math.min(smallest.lines, video.videoHeight)));
  return smallest;
}
