import type { ChannelOverride, ChannelState } from "@miscord/protocol";
import { includes } from "@miscord/rights";
import { applyBits, type BitChanges, changeBit, noBitChanges } from "./bit-changes.ts";

export type ThreeState = "deny" | "inherit" | "allow";

export type Target = Pick<ChannelOverride, "type" | "target_id">;

/** Unsaved changes of one override. */
export interface OverrideDraft extends Target {
  readonly allow: BitChanges;
  readonly deny: BitChanges;
}

export function isSameTarget(one: Target, other: Target): boolean {
  return one.type === other.type && one.target_id === other.target_id;
}

export function overrideFor(overrides: readonly ChannelOverride[], { type, target_id }: Target): ChannelOverride {
  return overrides.find((one) => isSameTarget(one, { type, target_id })) ?? { type, target_id, allow: 0, deny: 0 };
}

export function stateOf({ allow, deny }: Pick<ChannelOverride, "allow" | "deny">, bit: number): ThreeState {
  if (includes(allow, bit)) return "allow";
  return includes(deny, bit) ? "deny" : "inherit";
}

/** The draft of the saved override in which this bit has the state. A bit that is saved so is no change. */
export function withState(
  saved: ChannelOverride,
  { allow, deny }: Pick<OverrideDraft, "allow" | "deny"> = { allow: noBitChanges, deny: noBitChanges },
  { bit, state }: { bit: number; state: ThreeState },
): OverrideDraft {
  const isSaved = stateOf(saved, bit) === state;
  return {
    type: saved.type,
    target_id: saved.target_id,
    allow: changeBit(allow, bit, isSaved ? null : state === "allow"),
    deny: changeBit(deny, bit, isSaved ? null : state === "deny"),
  };
}

type Saved = Pick<ChannelState, "overrides">;

/** The channel's overrides with the changes of the drafts. */
export function withDrafts({ overrides }: Saved, drafts: readonly OverrideDraft[]): readonly ChannelOverride[] {
  const kept = overrides.filter((one) => !drafts.some((draft) => isSameTarget(draft, one)));
  return [...kept, ...drafts.map((draft) => applied(overrides, draft))];
}

/** What the drafts make of overrides, for those that they change. */
export function changedOverrides({ overrides }: Saved, drafts: readonly OverrideDraft[]): readonly ChannelOverride[] {
  return drafts
    .map((draft) => applied(overrides, draft))
    .filter((override) => {
      const saved = overrideFor(overrides, override);
      return override.allow !== saved.allow || override.deny !== saved.deny;
    });
}

function applied(overrides: readonly ChannelOverride[], draft: OverrideDraft): ChannelOverride {
  const { allow, deny, ...target } = overrideFor(overrides, draft);
  return { ...target, allow: applyBits(allow, draft.allow), deny: applyBits(deny, draft.deny) };
}
