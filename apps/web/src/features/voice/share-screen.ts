import type { ScreenTracks } from "@miscord/client";
import { client } from "../../core/client.ts";
import { displayMediaOptions } from "./display-media-options.ts";
import { rememberChoice, type ShareChoice } from "./share-choice.ts";
import { shareProblemOf, type ShareProblem } from "./share-problem.ts";
import { voiceEngine } from "./voice-actions.ts";

/**
 * Asks the browser for a screen, window or tab and shares it in the call. Resolves to what prevented it: null when the
 * screen is shared, `cancelled` when the user chose none.
 */
export async function shareScreen({ height, frameRate }: ShareChoice): Promise<ShareProblem | null> {
  rememberChoice({ height, frameRate });
  const stream = await askForScreen({ height, frameRate });
  if (typeof stream === "string") return stream;
  const [video] = stream.getVideoTracks();
  if (!video) return "failed";
  // A low frame rate is for reading, a high one for watching: the encoder favours sharpness or motion.
  video.contentHint = frameRate > 15 ? "motion" : "detail";
  const [sound = null] = stream.getAudioTracks();
  if (sound) sound.contentHint = "music";
  const mixed = sound && (await voiceEngine()).mixWithMicrophone(sound);
  const screen = { video, sound, mixed, maxBitrate: bitrateFor({ height, frameRate }), maxFramerate: frameRate };
  // The browser's own bar has a button that ends sharing.
  video.addEventListener("ended", () => void stopIfStill(screen));
  await client.voice.setScreen(screen);
  return null;
}

export async function stopSharing(): Promise<void> {
  const { screen } = client.voice.store.getState();
  if (screen) await stopIfStill(screen);
}

async function stopIfStill(screen: ScreenTracks): Promise<void> {
  // The voice engine stops the tracks once they have left the call.
  if (client.voice.store.getState().screen === screen) await client.voice.setScreen(null);
}

async function askForScreen(choice: ShareChoice): Promise<MediaStream | ShareProblem> {
  const askedAt = performance.now();
  try {
    return await navigator.mediaDevices.getDisplayMedia(displayMediaOptions(choice));
  } catch (error) {
    return shareProblemOf(error, performance.now() - askedAt);
  }
}

/**
 * Bits per second for one viewer. Every viewer costs as much again, so this is no more than a readable screen needs.
 */
function bitrateFor({ height, frameRate }: ShareChoice): number {
  const perFrame = { 720: 90_000, 1080: 150_000, 1440: 220_000 }[height];
  return Math.min(6_000_000, Math.round(perFrame * Math.max(8, frameRate * 0.8)));
}
