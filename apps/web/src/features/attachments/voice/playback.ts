import type { VoiceMessage } from "@miscord/protocol";
import { create } from "zustand";
import { stored } from "../../../core/stored.ts";

export const speeds = [1, 1.5, 2] as const;
type Speed = (typeof speeds)[number];

interface Playback {
  /** The attachment that plays or has been paused; null before the first one. */
  id: number | null;
  status: "paused" | "loading" | "playing" | "broken";
  positionMs: number;
  speed: Speed;
}

const speedKey = "voiceSpeed";
const storedSpeed = speeds.find((speed) => String(speed) === stored.get(speedKey));

/** One voice message plays at a time, also while its row is scrolled out of sight, until another page is opened. */
export const usePlayback = create<Playback>(() => ({
  id: null,
  status: "paused",
  positionMs: 0,
  speed: storedSpeed ?? 1,
}));

let audio: HTMLAudioElement | null = null;
/** Positions of messages that were paused for another one, by attachment id. */
const left = new Map<number, number>();

export function toggle(voice: VoiceMessage): void {
  const { id, status, positionMs } = usePlayback.getState();
  if (id === voice.id && (status === "playing" || status === "loading")) return pause();
  const from = id === voice.id ? positionMs : (left.get(voice.id) ?? 0);
  void play(voice, from >= voice.duration_ms ? 0 : from);
}

/** Moves the position; a message that does not play keeps it for later. */
export function seek(voice: VoiceMessage, positionMs: number): void {
  const { id, status } = usePlayback.getState();
  const to = Math.min(voice.duration_ms, Math.max(0, positionMs));
  if (id !== voice.id) take(voice, to);
  usePlayback.setState({ positionMs: to });
  if (!audio || id !== voice.id || status === "loading") return;
  audio.currentTime = to / 1_000;
}

function pause(): void {
  audio?.pause();
  usePlayback.setState({ status: "paused" });
}

export function setSpeed(speed: Speed): void {
  stored.set(speedKey, String(speed));
  usePlayback.setState({ speed });
  if (audio) audio.playbackRate = speed;
}

/** Makes this the message whose position is shown and moved. */
function take({ id }: VoiceMessage, positionMs: number): void {
  const former = usePlayback.getState();
  if (former.id !== null) left.set(former.id, former.positionMs);
  release();
  usePlayback.setState({ id, positionMs, status: "paused" });
}

function release(): void {
  audio?.pause();
  audio?.removeAttribute("src");
  audio = null;
}

async function play(voice: VoiceMessage, fromMs: number): Promise<void> {
  if (usePlayback.getState().id !== voice.id) take(voice, fromMs);
  usePlayback.setState({ status: "loading", positionMs: fromMs });
  const current = (audio ??= open(voice));
  const isCurrent = () => audio === current && usePlayback.getState().status === "loading";
  try {
    await makeSeekable(current);
    if (!isCurrent()) return;
    current.currentTime = usePlayback.getState().positionMs / 1_000;
    current.playbackRate = usePlayback.getState().speed;
    await current.play();
    if (isCurrent()) usePlayback.setState({ status: "playing" });
  } catch {
    if (isCurrent()) usePlayback.setState({ status: "broken" });
  }
}

function open({ file_url, duration_ms }: VoiceMessage): HTMLAudioElement {
  const opened = new Audio(file_url);
  const ifCurrent = (step: () => void) => () => {
    if (audio === opened) step();
  };
  opened.preload = "auto";
  opened.addEventListener(
    "timeupdate",
    ifCurrent(() => {
      if (usePlayback.getState().status !== "playing") return;
      usePlayback.setState({ positionMs: Math.min(duration_ms, opened.currentTime * 1_000) });
    }),
  );
  opened.addEventListener(
    "ended",
    ifCurrent(() => usePlayback.setState({ status: "paused", positionMs: 0 })),
  );
  // The system pauses, as for a phone call.
  opened.addEventListener(
    "pause",
    ifCurrent(() => usePlayback.getState().status === "playing" && usePlayback.setState({ status: "paused" })),
  );
  opened.addEventListener(
    "error",
    ifCurrent(() => {
      usePlayback.setState({ status: "broken" });
      release();
    }),
  );
  stopOnLeaving(placeNow());
  return opened;
}

/**
 * What MediaRecorder writes has no length, and browsers then cannot move in it. A move far beyond the end makes them find the
 * end.
 */
async function makeSeekable(opened: HTMLAudioElement): Promise<void> {
  if (opened.readyState < HTMLMediaElement.HAVE_METADATA) await eventOf(opened, "loadedmetadata");
  if (Number.isFinite(opened.duration)) return;
  const found = eventOf(opened, "durationchange");
  opened.currentTime = 1e6;
  await found;
}

function eventOf(opened: HTMLAudioElement, name: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  opened.addEventListener(name, () => resolve(), { once: true });
  opened.addEventListener("error", () => reject(new Error("The file cannot be played.")), { once: true });
  return promise;
}

/** Server and channel of the page's address. */
function placeNow(): string {
  return location.pathname.split("/").slice(0, 4).join("/");
}

/** Where nobody sees the player any more, it would play with no way to stop it. */
function stopOnLeaving(place: string): void {
  const listening = new AbortController();
  const check = () => {
    if (placeNow() === place) return;
    listening.abort();
    pause();
  };
  for (const name of ["pushState", "replaceState", "popstate"]) {
    addEventListener(name, check, { signal: listening.signal });
  }
}
