import { create } from "zustand";
import { forgetWithUser } from "../../../core/forget-with-user.ts";
import { isSameTarget, type OverrideDraft, type Target } from "./override-draft.ts";

/** Unsaved changes of overrides by channel id. They stay while the dialog shows another target, or is closed. */
const useDrafts = create<Readonly<Record<number, readonly OverrideDraft[]>>>(() => ({}));

forgetWithUser(() => useDrafts.setState({}, true));

const none: readonly OverrideDraft[] = [];

export function useOverrideDrafts(channelId: number): readonly OverrideDraft[] {
  return useDrafts((drafts) => drafts[channelId]) ?? none;
}

export function draftOverride(channelId: number, draft: OverrideDraft): void {
  useDrafts.setState((drafts) => ({ [channelId]: [...others(drafts[channelId], draft), draft] }));
}

export function discardOverride(channelId: number, target: Target): void {
  useDrafts.setState((drafts) => ({ [channelId]: others(drafts[channelId], target) }));
}

export function discardOverrides(channelId: number): void {
  useDrafts.setState({ [channelId]: none });
}

function others(drafts: readonly OverrideDraft[] = none, target: Target): readonly OverrideDraft[] {
  return drafts.filter((one) => !isSameTarget(one, target));
}
