import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, type BrowserContext, type BrowserContextOptions, type Page } from "playwright-core";
import { desktop, quietFlags, without } from "./browser.ts";
import { holdSoundBack, installEar, recorderScript, type Ear } from "./voice-ear.ts";
import type { Login, VoiceHouse } from "./voice-house.ts";

export interface VoicePersonOptions extends Omit<BrowserContextOptions, "screen"> {
  /** Sound file that the fake microphone plays over and over; null: there is no microphone, and nobody to allow one. */
  microphone?: string | null;
  /** Settings of voice that they made on an earlier visit. */
  settings?: Record<string, unknown>;
  /** Laid over what the page configures its peer connections with. */
  rtcOverrides?: RTCConfiguration;
  /** Whether the browser allows microphones without asking; else `permissions` has them. */
  isLenient?: boolean;
  /** Whether it wants a click for every start of sound. */
  holdsSoundBack?: boolean;
  /** Title of the page that they pick whenever the browser asks what to share. */
  screen?: string;
}

const callFlags = [
  ...quietFlags,
  "--autoplay-policy=no-user-gesture-required",
  "--allow-loopback-in-peer-connection",
  without("WebRtcHideLocalIpsWithMdns"),
];

/** Levels are measured, so nothing may even them out or take the beeps for noise. */
const measurable = { noiseSuppression: "off", autoGain: false, sounds: false };

/** Somebody at a computer of their own, logged in: a whole Chromium, since all pages of one share a fake microphone. */
export class VoicePerson {
  readonly page: Page;
  readonly name: string;
  readonly #context: BrowserContext;
  readonly #profile: string;

  private constructor(name: string, page: Page, profile: string) {
    this.name = name;
    this.page = page;
    this.#context = page.context();
    this.#profile = profile;
  }

  static async arrive(house: VoiceHouse, { username, password }: Login, options: VoicePersonOptions = {}) {
    const { microphone, settings, rtcOverrides, screen, isLenient = true, holdsSoundBack, ...contextOptions } = options;
    const profile = await mkdtemp(join(tmpdir(), "miscord-chromium-"));
    const context = await chromium.launchPersistentContext(profile, {
      executablePath: "/usr/bin/chromium",
      ignoreDefaultArgs: ["--mute-audio"],
      args: [...callFlags, ...deviceArgs(microphone, screen), ...(isLenient ? [leniency(screen)] : [])],
      baseURL: house.server.url,
      viewport: desktop,
      locale: "en-GB",
      colorScheme: "dark",
      ...contextOptions,
    });
    await context.addInitScript(installEar);
    if (holdsSoundBack) await context.addInitScript(holdSoundBack);
    await context.route("/recorder.js", (route) =>
      route.fulfill({ contentType: "text/javascript", body: recorderScript }),
    );
    await context.addInitScript(
      ([voice, overrides]) => {
        if (!localStorage.getItem("miscord.voice")) localStorage.setItem("miscord.voice", voice);
        // Encoding takes a machine without a graphics card most of its time.
        if (!localStorage.getItem("miscord.share")) localStorage.setItem("miscord.share", "720x5");
        Object.assign(globalThis, { rtcOverrides: overrides });
      },
      [JSON.stringify({ ...measurable, ...settings }), rtcOverrides ?? {}] as const,
    );
    await context.request.post("/api/auth/login", { data: { username, password } });
    const page = context.pages()[0] ?? (await context.newPage());
    page.setDefaultTimeout(30_000);
    page.on("pageerror", (error) => {
      throw error;
    });
    await page.goto(house.path);
    return new VoicePerson(username, page, profile);
  }

  async join(): Promise<void> {
    await this.page.getByRole("main").getByRole("button", { name: "Join voice" }).click();
    await this.page.getByText("In voice", { exact: true }).waitFor();
  }

  /** One of the call's buttons. */
  async press(name: string): Promise<void> {
    await this.page.getByRole("region", { name: "Voice" }).getByRole("button", { name, exact: true }).click();
  }

  /** From now on their page computes this many times slower. */
  async slowDown(times: number): Promise<void> {
    const session = await this.#context.newCDPSession(this.page);
    await session.send("Emulation.setCPUThrottlingRate", { rate: times });
  }

  heard(frequency: number, seconds?: number): Promise<number> {
    const asked = [frequency, seconds] as const;
    return this.page.evaluate(([hz, s]) => (globalThis as unknown as { ear: Ear }).ear.heard(hz, s), asked);
  }

  async openVoiceSettings(): Promise<void> {
    await this.page.getByRole("button", { name: "Settings", exact: true }).click();
    await this.page.getByRole("tab", { name: "Voice" }).click();
  }

  /** What is played while `act` lasts and for as long after it as this takes in all; mono at 48 kHz. */
  async record(seconds: number, act: () => Promise<void> = async () => {}): Promise<Int16Array> {
    await this.page.evaluate(() => (globalThis as unknown as { ear: Ear }).ear.record());
    await act();
    await this.hasRecorded(seconds);
    const text = await this.page.evaluate(() => (globalThis as unknown as { ear: Ear }).ear.stopRecording());
    const bytes = Buffer.from(text, "base64");
    return new Int16Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  }

  async hasRecorded(seconds: number): Promise<void> {
    await this.page.waitForFunction(
      (wanted) => (globalThis as unknown as { ear: Ear }).ear.recordedSeconds() >= wanted,
      seconds,
      { timeout: 120_000 },
    );
  }

  allowMicrophone(): Promise<void> {
    return this.#context.grantPermissions(["microphone"]);
  }

  /** Pulls the microphone out, or plugs it in again. */
  plug(isIn: boolean): Promise<void> {
    return this.page.evaluate((isIn) => (globalThis as unknown as { ear: Ear }).ear.plug(isIn), isIn);
  }

  /** What the microphones in use are called. */
  microphones(): Promise<string[]> {
    return this.page.evaluate(() => {
      const { microphones } = (globalThis as unknown as { ear: Ear }).ear;
      return microphones.filter(({ readyState }) => readyState === "live").map(({ label }) => label);
    });
  }

  /** Peer connections that the page has made so far. */
  connectionCount(): Promise<number> {
    return this.page.evaluate(() => (globalThis as unknown as { ear: Ear }).ear.connections.length);
  }

  /** Of screens, to all others together, over the connections that stand. */
  sentVideoBytes(): Promise<number> {
    return this.page.evaluate(async () => {
      const { connections } = (globalThis as unknown as { ear: Ear }).ear;
      const reports = await Promise.all(connections.map((connection) => connection.getStats()));
      const sent = reports.flatMap((report) => [...report.values()] as RTCOutboundRtpStreamStats[]);
      const videos = sent.filter(({ type, kind }) => type === "outbound-rtp" && kind === "video");
      return videos.reduce((sum, { bytesSent = 0 }) => sum + bytesSent, 0);
    });
  }

  async secondWindow(path: string): Promise<Page> {
    const page = await this.#context.newPage();
    await page.goto(path);
    return page;
  }

  async leaveForGood(): Promise<void> {
    await this.#context.close();
    await rm(this.#profile, { recursive: true, force: true });
  }
}

function deviceArgs(microphone: string | null | undefined, screen: string | undefined): string[] {
  if (microphone === null) return [];
  return [
    "--use-fake-device-for-media-stream",
    ...(screen === undefined ? [] : [`--auto-select-tab-capture-source-by-title=${screen}`]),
    ...(microphone === undefined ? [] : [`--use-file-for-fake-audio-capture=${microphone}`]),
  ];
}

/** The fake dialogue would answer for screens too, with the fake camera's picture. */
function leniency(screen: string | undefined): string {
  return screen === undefined ? "--use-fake-ui-for-media-stream" : "--auto-accept-camera-and-microphone-capture";
}
