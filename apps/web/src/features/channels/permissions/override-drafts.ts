import type { ChannelOverride, ChannelState } from "@miscord/protocol";
import { create } from "zustand";

/** Unsaved overrides by channel id and target. They stay while the dialog shows another target, or is closed. */
const useDrafts = create<Record<number, readonly ChannelOverride[]>>(() => ({}));

const none: readonly ChannelOverride[] = [];

export function useOverrideDrafts(channelId: number): readonly ChannelOverride[] {
  return useDrafts((drafts) => drafts[channelId]) ?? none;
}

export function draftOverride(channelId: number, override: ChannelOverride): void {
  useDrafts.setState((drafts) => ({
    [channelId]: [...(drafts[channelId] ?? none).filter((one) => !isSameTarget(one, override)), override],
  }));
}

export function discardOverrides(channelId: number): void {
  useDrafts.setState({ [channelId]: none });
}

export function isSameTarget(one: ChannelOverride, other: Pick<ChannelOverride, "type" | "target_id">): boolean {
  return one.type === other.type && one.target_id === other.target_id;
}

/** The channel's overrides with the drafts in place of the saved ones. */
export function withDrafts(
  channel: Pick<ChannelState, "overrides">,
  drafts: readonly ChannelOverride[],
): readonly ChannelOverride[] {
  const kept = channel.overrides.filter((one) => !drafts.some((draft) => isSameTarget(draft, one)));
  return [...kept, ...drafts];
}

/** Drafts that differ from what is saved. */
export function changedOverrides(
  channel: Pick<ChannelState, "overrides">,
  drafts: readonly ChannelOverride[],
): readonly ChannelOverride[] {
  return drafts.filter((draft) => {
    const saved = channel.overrides.find((one) => isSameTarget(one, draft));
    return draft.allow !== (saved?.allow ?? 0) || draft.deny !== (saved?.deny ?? 0);
  });
}
