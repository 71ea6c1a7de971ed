import type { ReactNode } from "react";
import { loadTexts } from "../../../i18n/index.ts";
import { VoiceRecorder } from "./voice-recorder.tsx";

/**
 * The recorder with its texts, which takes the place of the field at once. What shows an upload that fails is loaded with it,
 * since the network may be gone by then.
 */
export async function openRecorder(channelId: number, onEnd: () => void): Promise<ReactNode> {
  await Promise.all([loadTexts("screens"), import("../upload-tray.tsx")]);
  return <VoiceRecorder channelId={channelId} onEnd={onEnd} />;
}
