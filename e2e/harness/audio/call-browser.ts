import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, type BrowserContext, type BrowserContextOptions } from "playwright-core";
import { quietFlags, without } from "../browser.ts";
import type { ClosedNetwork } from "../closed-network.ts";
import { installAudioProbe, recorderScript, startSoundOnlyInClicks } from "./probe.ts";

/** What a person who calls has at the computer. A microphone or a screen gives the person a Chromium of their own. */
export interface CallDevices {
  /** Sound file that the fake microphone repeats; null: there is no microphone. */
  microphone?: string | null;
  /** Title of the page that is picked whenever the browser asks which screen to share. */
  screen?: string;
  /** Whether the browser grants the microphone without a prompt (the default); otherwise `context.permissions` decides. */
  grantsMicrophone?: boolean;
  /** Whether sound starts only within the handling of a click, as in Safari. */
  needsClickForSound?: boolean;
  /** Voice settings saved by an earlier visit. */
  voiceSettings?: Record<string, unknown>;
  /** Where the browser runs; it then accepts any certificate. */
  network?: Pick<ClosedNetwork, "wrap">;
  /** Laid over the configuration of every peer connection. */
  rtcOverrides?: RTCConfiguration;
}

const chromiumPath = "/usr/bin/chromium";
/** Without a graphics card, encoding more takes most of the processor. */
const cameraFps = 8;

const callFlags = [
  ...quietFlags,
  "--autoplay-policy=no-user-gesture-required",
  "--allow-loopback-in-peer-connection",
  without("WebRtcHideLocalIpsWithMdns"),
];

/** Tests measure levels: gain control would even them out, noise suppression would remove the beeps. */
const measurable = { noiseSuppression: "off", autoGain: false, sounds: false };

/** A whole Chromium, because all pages of one browser share a fake microphone. Its profile is removed when it closes. */
export async function openCallBrowser(devices: CallDevices, options: BrowserContextOptions): Promise<BrowserContext> {
  const profile = await mkdtemp(join(tmpdir(), "miscord-chromium-"));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: devices.network ? await devices.network.wrap(chromiumPath, profile) : chromiumPath,
    ignoreDefaultArgs: ["--mute-audio"],
    args: [...callFlags, ...deviceFlags(devices)],
    ...options,
  });
  context.once("close", () => void rm(profile, { recursive: true, force: true, maxRetries: 3 }));
  await context.addInitScript(installAudioProbe);
  if (devices.needsClickForSound) await context.addInitScript(startSoundOnlyInClicks);
  await context.route("/recorder.js", (route) =>
    route.fulfill({ contentType: "text/javascript", body: recorderScript }),
  );
  await context.addInitScript(
    ([voice, overrides]) => {
      if (!localStorage.getItem("miscord.voice")) localStorage.setItem("miscord.voice", voice);
      // Without a graphics card, encoding a larger picture takes most of the processor.
      if (!localStorage.getItem("miscord.share")) localStorage.setItem("miscord.share", "720x5");
      Object.assign(globalThis, { rtcOverrides: overrides });
    },
    [JSON.stringify({ ...measurable, ...devices.voiceSettings }), devices.rtcOverrides ?? {}] as const,
  );
  return context;
}

function deviceFlags({ microphone, screen, network, grantsMicrophone = true }: CallDevices): string[] {
  const flags: string[] = network ? ["--ignore-certificate-errors"] : [];
  if (microphone !== null) flags.push(`--use-fake-device-for-media-stream=device-count=2,fps=${cameraFps}`);
  if (microphone) flags.push(`--use-file-for-fake-audio-capture=${microphone}`);
  if (screen !== undefined) flags.push(`--auto-select-tab-capture-source-by-title=${screen}`);
  // The fake prompt would answer for screens too, with the picture of the fake camera.
  if (grantsMicrophone)
    flags.push(screen === undefined ? "--use-fake-ui-for-media-stream" : "--auto-accept-camera-and-microphone-capture");
  return flags;
}
