import { type ReactNode, useState } from "react";
import { LazyPart } from "../../core/lazy-part.tsx";
import { lazyWithTexts } from "../../i18n/lazy-with-texts.ts";
import { usePhone, useTouch } from "../../ui/use-media-query.ts";

const VoiceButton = lazyWithTexts(async () => (await import("./voice-recorder/voice-button.tsx")).VoiceButton);

interface Options {
  serverId: number | null;
  channelId: number;
  /** Nothing else is about to be sent. */
  isOffered: boolean;
  sendButton: ReactNode;
}

interface VoiceParts {
  /** In place of the field while a voice message is recorded; else null. */
  recorder: ReactNode;
  /** The button before the others; on a phone, where there is little room, it is in the place of the send button. */
  button: ReactNode;
  send: ReactNode;
}

export function useVoiceButton({ serverId, channelId, isOffered, sendButton }: Options): VoiceParts {
  const [recorder, setRecorder] = useState<ReactNode>(null);
  const isTouch = useTouch();
  const isSmall = usePhone() || isTouch;
  const otherwise = isSmall && sendButton;
  const button = isOffered && (
    <LazyPart loading={otherwise} failed={otherwise}>
      <VoiceButton {...{ serverId, channelId, otherwise }} onRecorder={setRecorder} />
    </LazyPart>
  );
  return { recorder, button: !isSmall && button, send: (isSmall && button) || sendButton };
}
