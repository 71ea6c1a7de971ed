import { create } from "zustand";

/** A requested scroll position. Each request is a new object, so that the same position can be requested twice. */
interface Jump {
  to: number | "present";
}

interface Jumps {
  /** By channel: a thread may be open beside its channel. */
  jumps: Readonly<Record<number, Jump>>;
  /** Id of the message that was just jumped to. */
  highlighted: number | null;
}

const highlightMs = 2_400;

export const useJumps = create<Jumps>(() => ({ jumps: {}, highlighted: null }));

/** Makes the channel's message list scroll to the message as soon as the message is loaded. */
export function jumpWithin(channelId: number, to: Jump["to"]): void {
  useJumps.setState(({ jumps }) => ({ jumps: { ...jumps, [channelId]: { to } } }));
}

export function jumpDone(channelId: number, highlighted: number | null): void {
  const { [channelId]: _done, ...jumps } = useJumps.getState().jumps;
  useJumps.setState({ jumps, highlighted });
  if (highlighted !== null) setTimeout(() => fade(highlighted), highlightMs);
}

function fade(messageId: number): void {
  if (useJumps.getState().highlighted === messageId) useJumps.setState({ highlighted: null });
}
