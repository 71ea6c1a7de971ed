import { create } from "zustand";

/** A requested scroll position. Each request is a new object, so that the same position can be requested twice. */
interface Jump {
  channelId: number;
  to: number | "present";
}

interface Jumps {
  jump: Jump | null;
  /** Id of the message that was just jumped to. */
  highlighted: number | null;
}

const highlightMs = 2_400;

export const useJumps = create<Jumps>(() => ({ jump: null, highlighted: null }));

/** Makes the channel's message list scroll to the message as soon as the message is loaded. */
export function jumpWithin(channelId: number, to: Jump["to"]): void {
  useJumps.setState({ jump: { channelId, to } });
}

export function jumpDone(highlighted: number | null): void {
  useJumps.setState({ jump: null, highlighted });
  if (highlighted !== null) setTimeout(() => fade(highlighted), highlightMs);
}

function fade(messageId: number): void {
  if (useJumps.getState().highlighted === messageId) useJumps.setState({ highlighted: null });
}
