import type { ChannelOverride, ChannelState } from "@miscord/protocol";
import { areSynchronised } from "@miscord/rights";
import { RefreshCw } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Button } from "../../../ui/button.tsx";
import { type OverrideDraft, overrideFor, stateOf, type Target, withState } from "./override-draft.ts";
import { draftOverride } from "./override-drafts.ts";

interface CategorySyncProps {
  channel: ChannelState;
  category: ChannelState;
  /** Those of the channel, with what is not saved yet. */
  overrides: readonly ChannelOverride[];
}

/** Whether the channel has the overrides of its category, and a button that takes them over, to be saved. */
export function CategorySync({ channel, category, overrides }: CategorySyncProps) {
  const { t } = useTranslation("rights");
  const isSynchronised = areSynchronised(overrides, category.overrides);
  function synchronise() {
    for (const target of [...overrides, ...category.overrides]) {
      draftOverride(channel.id, takenOver(channel, category, target));
    }
  }
  return (
    <div className="mb-3 flex flex-wrap items-center justify-between gap-2 text-sm text-muted">
      <p role="status">
        {t(isSynchronised ? "channel.synchronised" : "channel.notSynchronised", { category: category.name })}
      </p>
      {!isSynchronised && (
        <Button icon={<RefreshCw size={16} aria-hidden />} onClick={synchronise}>
          {t("channel.synchronise")}
        </Button>
      )}
    </div>
  );
}

const everyBit = Array.from({ length: 53 }, (_, index) => 2 ** index);

/** What makes the channel's override for the target that of the category. */
function takenOver(channel: ChannelState, category: ChannelState, target: Target): OverrideDraft {
  const saved = overrideFor(channel.overrides, target);
  const wanted = overrideFor(category.overrides, target);
  return everyBit.reduce<OverrideDraft>(
    (draft, bit) => withState(saved, draft, { bit, state: stateOf(wanted, bit) }),
    withState(saved, undefined, { bit: 1, state: stateOf(wanted, 1) }),
  );
}
