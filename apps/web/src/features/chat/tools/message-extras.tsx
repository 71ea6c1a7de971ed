import type { Message } from "@miscord/protocol";
import { PollCard } from "../polls/poll-card.tsx";
import { Forwarded } from "./forwarded.tsx";

/** What few messages have below their text: what they forward, and answers to choose from. */
export function MessageExtras({ message, isActive }: { message: Message; isActive: boolean }) {
  const { poll, forwarded } = message;
  return (
    <>
      {forwarded && <Forwarded {...{ message, forwarded, isActive }} />}
      {poll && <PollCard {...{ message, poll, isActive }} />}
    </>
  );
}
