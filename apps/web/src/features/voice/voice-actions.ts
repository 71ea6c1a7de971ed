import { client } from "../../core/client.ts";
import { openDialog } from "../../core/dialog-store.ts";
import { CallMemory, keepCall } from "./call-memory.ts";
import type { VoiceEngine } from "./voice-engine.ts";
import { useVoiceMedia } from "./voice-media.ts";

const memory = new CallMemory(() => ({ tab: sessionStorage, browser: localStorage }));

let engine: Promise<VoiceEngine> | null = null;

/** Loads the voice engine when voice is first used. */
export async function voiceEngine(): Promise<VoiceEngine> {
  engine ??= import("./voice-engine.ts").then(({ VoiceEngine }) => new VoiceEngine(client));
  try {
    return await engine;
  } catch (error) {
    engine = null;
    throw error;
  }
}

/**
 * Joins the channel's call and leaves any other; `rings` calls the others of a private channel. To be called in a click
 * handler.
 */
export async function joinVoice(channelId: number, options: { rings?: boolean } = {}): Promise<void> {
  const isLoaded = await voiceEngine().then(
    () => true,
    () => false,
  );
  useVoiceMedia.setState({ formerCall: null });
  if (isLoaded) client.voice.join(channelId, options);
  else openDialog({ kind: "failed-part" });
}

export function leaveVoice(): void {
  client.voice.leave();
}

export function toggleMute(): void {
  const { isMuted, isDeafened } = client.voice.store.getState();
  if (isDeafened) client.voice.setDeafened(false);
  client.voice.setMuted(!isMuted);
  keepStatus(isMuted);
}

export function toggleDeafen(): void {
  const { isMuted, isDeafened } = client.voice.store.getState();
  if (isDeafened) client.voice.setMuted(memory.status().wasMuted);
  else client.voice.setMuted(true);
  client.voice.setDeafened(!isDeafened);
  keepStatus(isMuted);
}

function keepStatus(wasMuted: boolean): void {
  const { isMuted, isDeafened } = client.voice.store.getState();
  memory.keepStatus({ isMuted, isDeafened, wasMuted });
}

let isResumed = false;

/**
 * Restores mute and deafen of the last visit, and the call that a reload of this page has ended: at once where the
 * microphone was allowed or refused before, else `formerCall` is set, and the user is asked. Once for each page.
 */
export async function resumeVoice(userId: number): Promise<void> {
  if (isResumed) return;
  isResumed = true;
  const { isMuted, isDeafened } = memory.status();
  client.voice.setMuted(isMuted);
  client.voice.setDeafened(isDeafened);
  keepCall(memory, client.voice.store, () => client.store.getState().session.me?.id ?? null);
  const channelId = memory.takeCall(userId, Date.now());
  if (channelId === null) return;
  if (await isMicrophoneDecided()) await joinVoice(channelId);
  else useVoiceMedia.setState({ formerCall: channelId });
}

/** Whether the browser opens the microphone, or refuses it, without asking the user. */
async function isMicrophoneDecided(): Promise<boolean> {
  try {
    const { state } = await navigator.permissions.query({ name: "microphone" });
    return state !== "prompt";
  } catch {
    return false;
  }
}
