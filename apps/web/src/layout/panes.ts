import { create } from "zustand";
import { stored } from "../core/stored.ts";

interface Panes {
  /** On a phone: servers and channels lie over the conversation. */
  navOpen: boolean;
  /** Beside the conversation where there is room; remembered. */
  membersShown: boolean;
  /** Over the conversation where there is not. */
  membersOpen: boolean;
}

export const usePanes = create<Panes>(() => ({
  navOpen: false,
  membersShown: stored.get("members") !== "hidden",
  membersOpen: false,
}));

export function setNavOpen(navOpen: boolean): void {
  usePanes.setState({ navOpen });
}

export function setMembersOpen(membersOpen: boolean): void {
  usePanes.setState({ membersOpen });
}

export function toggleMembersShown(): void {
  const membersShown = !usePanes.getState().membersShown;
  stored.set("members", membersShown ? "shown" : "hidden");
  usePanes.setState({ membersShown });
}
