import { create } from "zustand";

/** Ids of the messages that ask for the toolbar, by the reason. */
export interface ToolbarOwner {
  /** One of its menus or its emoji picker is open. */
  held: number | null;
  /** The pointer is over it, and moved since the focus last moved. */
  pointed: number | null;
  /** It, or something in it, has the keyboard's focus. */
  focused: number | null;
}

export const useToolbarOwner = create<ToolbarOwner>(() => ({ held: null, pointed: null, focused: null }));

/** The one message that shows its toolbar: two at once would leave unclear which one a key acts on. */
export function toolbarOwner({ held, pointed, focused }: ToolbarOwner): number | null {
  return held ?? pointed ?? focused;
}

/** The latest of pointer and focus wins: moving the focus takes the toolbar from a pointer that rests. */
export function claimToolbar(reason: keyof ToolbarOwner, messageId: number): void {
  const state = useToolbarOwner.getState();
  if (state[reason] === messageId && (reason !== "focused" || state.pointed === null)) return;
  useToolbarOwner.setState({ [reason]: messageId, ...(reason === "focused" && { pointed: null }) });
}

/** Gives up the message's claims for one reason, or for all. */
export function releaseToolbar(messageId: number, reason?: keyof ToolbarOwner): void {
  const state = useToolbarOwner.getState();
  const reasons = reason ? [reason] : (["held", "pointed", "focused"] as const);
  const released = reasons.filter((one) => state[one] === messageId);
  if (released.length > 0) useToolbarOwner.setState(Object.fromEntries(released.map((one) => [one, null])));
}
