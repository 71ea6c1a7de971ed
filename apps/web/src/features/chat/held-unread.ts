import { create } from "zustand";

/** The open channel that the user has marked unread: looking at it does not mark it read until it is opened again. */
const useHeldUnread = create<{ channelId: number | null }>(() => ({ channelId: null }));

export function holdUnread(channelId: number): void {
  useHeldUnread.setState({ channelId });
}

export function releaseUnread(channelId: number): void {
  if (useHeldUnread.getState().channelId === channelId) useHeldUnread.setState({ channelId: null });
}

export function useIsHeldUnread(channelId: number): boolean {
  return useHeldUnread((state) => state.channelId === channelId);
}
