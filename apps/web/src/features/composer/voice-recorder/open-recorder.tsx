import type { ReactNode } from "react";
import { loadTexts } from "../../../i18n/index.ts";
import { VoiceRecorder } from "./voice-recorder.tsx";

/** The recorder with its texts, which takes the place of the field at once. */
export async function openRecorder(channelId: number, onEnd: () => void): Promise<ReactNode> {
  await loadTexts("screens");
  return <VoiceRecorder channelId={channelId} onEnd={onEnd} />;
}
