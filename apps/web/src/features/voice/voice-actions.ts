import { client } from "../../core/client.ts";
import { openDialog } from "../../core/dialog-store.ts";
import type { VoiceEngine } from "./voice-engine.ts";

let engine: Promise<VoiceEngine> | null = null;

/** Loaded when voice is first used. */
export async function voiceEngine(): Promise<VoiceEngine> {
  engine ??= import("./voice-engine.ts").then(({ VoiceEngine }) => new VoiceEngine(client));
  try {
    return await engine;
  } catch (error) {
    engine = null;
    throw error;
  }
}

/** Enters the channel, leaving any other. To be called from a click. */
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

/** Who cannot hear should not speak: undoing either undoes what it brought along. */
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
