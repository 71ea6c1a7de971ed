import type { JSHandle, Locator } from "playwright-core";
import { expect } from "vitest";
import { patient } from "../checks/hearing.ts";
import type { Person } from "../person.ts";
import { callPanel } from "./call.ts";

/** Turns the camera on and waits until the person sees it. */
export async function turnCameraOn(person: Person): Promise<void> {
  await person.button(person.t("voice:camera.on"), callPanel(person)).click();
  await ownCamera(person).waitFor();
}

export async function turnCameraOff(person: Person): Promise<void> {
  await person.button(person.t("voice:camera.off"), callPanel(person)).click();
  await ownCamera(person).waitFor({ state: "detached" });
}

/** The picture of somebody's camera on the stage. */
export function cameraOf({ page, t }: Person, { name }: Person): Locator {
  return page.locator(`video[aria-label="${t("voice:camera.video", { name })}"]`);
}

export function ownCamera({ page, t }: Person): Locator {
  return page.locator(`video[aria-label="${t("voice:camera.mine")}"]`);
}

/** The track in a video, which is known also when the video is gone. */
export function trackIn(video: Locator): Promise<JSHandle<MediaStreamTrack>> {
  return video.evaluateHandle((one) => ((one as HTMLVideoElement).srcObject as MediaStream).getVideoTracks()[0]!);
}

/** Waits for several frames that differ from each other. */
export async function expectMoving(video: Locator): Promise<void> {
  const seen = new Set<string>();
  await expect
    .poll(async () => {
      const frame = await video.evaluate(outlineOf).catch(() => null);
      if (frame) seen.add(frame);
      return seen.size;
    }, patient)
    .toBeGreaterThan(3);
}

/** The picture in a few coarse dots; null before the first frame. Runs in the page. */
function outlineOf(video: HTMLElement | SVGElement): string | null {
  const [width, height] = [32, 18];
  const context = new OffscreenCanvas(width, height).getContext("2d")!;
  if ((video as HTMLVideoElement).videoWidth === 0) return null;
  context.drawImage(video as HTMLVideoElement, 0, 0, width, height);
  return [...context.getImageData(0, 0, width, height).data].map((value) => value >> 4).join(" ");
}
