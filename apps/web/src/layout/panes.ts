import { create } from "zustand";
import { stored } from "../core/stored.ts";

interface Panes {
  /** Whether servers and channels cover the conversation on a phone. */
  navOpen: boolean;
  /** Whether the member list is shown beside the conversation on wide screens; stored in the browser. */
  membersShown: boolean;
  /** Whether the member list covers the conversation on narrow screens. */
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
