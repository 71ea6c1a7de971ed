import { create } from "zustand";

/** Where the reader of a channel wants to be. Each is an object of its own: the same place can be wanted twice. */
interface Jump {
  channelId: number;
  to: number | "present";
}

interface Jumps {
  jump: Jump | null;
  /** The message that somebody has just jumped to. */
  highlighted: number | null;
}

const highlightMs = 2_400;

export const useJumps = create<Jumps>(() => ({ jump: null, highlighted: null }));

/** The list of the channel goes there once it holds the message. */
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
