import type { ChannelOverride, ChannelState } from "@miscord/protocol";
import { areSynchronised } from "@miscord/rights";
import { RefreshCw } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Button } from "../../../ui/button.tsx";
import { draftOverride, isSameTarget } from "./override-drafts.ts";

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
    const removed = overrides
      .filter((one) => !category.overrides.some((other) => isSameTarget(one, other)))
      .map((one) => ({ ...one, allow: 0, deny: 0 }));
    for (const override of [...removed, ...category.overrides]) draftOverride(channel.id, override);
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
