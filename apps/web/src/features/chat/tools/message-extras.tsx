import type { Message, Sticker } from "@miscord/protocol";
import { StickerPicture } from "../../emoji/sticker-picture.tsx";
import { PollCard } from "../polls/poll-card.tsx";
import { Forwarded } from "./forwarded.tsx";
import { LinkedMessages } from "./linked-messages.tsx";

interface MessageExtrasProps {
  /** One that is not sent yet has a sticker at most. */
  message: Message | { sticker: Sticker };
  isActive?: boolean;
}

/** What few messages have below their text, or in its place: what they forward or link to, answers to choose from, a sticker. */
export function MessageExtras({ message, isActive = false }: MessageExtrasProps) {
  if (message.sticker) return <StickerPicture {...message.sticker} />;
  if (!("id" in message)) return null;
  const { poll, forwarded } = message;
  return (
    <>
      {forwarded && <Forwarded {...{ message, forwarded, isActive }} />}
      {poll && <PollCard {...{ message, poll, isActive }} />}
      <LinkedMessages {...{ message, isActive }} />
    </>
  );
}
