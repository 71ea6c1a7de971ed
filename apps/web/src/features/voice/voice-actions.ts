import { client } from "../../core/client.ts";
import { openDialog } from "../../core/dialog-store.ts";
import type { VoiceEngine } from "./voice-engine.ts";

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

/** Joins the channel's call and leaves any other. To be called in a click handler. */
export async function joinVoice(channelId: number): Promise<void> {
  const isLoaded = await voiceEngine().then(
    () => true,
    () => false,
  );
  if (isLoaded) client.voice.join(channelId);
  else openDialog({ kind: "failed-part" });
}

export function leaveVoice(): void {
  client.voice.leave();
}

/** Whether the microphone was muted before deafening, which mutes it too. Undeafening restores this. */
let wasMuted = false;

export function toggleMute(): void {
  const { isMuted, isDeafened } = client.voice.store.getState();
  if (isDeafened) client.voice.setDeafened(false);
  client.voice.setMuted(!isMuted);
}

export function toggleDeafen(): void {
  const { isMuted, isDeafened } = client.voice.store.getState();
  if (isDeafened) client.voice.setMuted(wasMuted);
  else {
    wasMuted = isMuted;
    client.voice.setMuted(true);
  }
  client.voice.setDeafened(!isDeafened);
}
