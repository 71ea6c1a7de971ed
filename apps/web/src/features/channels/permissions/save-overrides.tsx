import type { ChannelOverride } from "@miscord/protocol";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "../../../core/client.ts";
import { lockOutBy, type ServerChannel } from "../../../core/rights-of.ts";
import { useAction } from "../../../core/use-action.ts";
import { useFormat } from "../../../i18n/format.ts";
import { Button } from "../../../ui/button.tsx";
import { ConfirmDialog } from "../../../ui/confirm-dialog.tsx";
import { useToast } from "../../../ui/toast.tsx";
import { changedOverrides, isSameTarget, type Target, withDrafts } from "./override-draft.ts";
import { discardOverride, discardOverrides, useOverrideDrafts } from "./override-drafts.ts";
import { useTargets } from "./use-targets.ts";

/** Saves the changed overrides, after a question when the user would lock themselves out. */
export function SaveOverrides({ channel }: { channel: ServerChannel }) {
  const { t } = useTranslation(["rights", "common"]);
  const [loss, setLoss] = useState<"view" | "manage" | null>(null);
  const drafts = useOverrideDrafts(channel.id);
  const changed = changedOverrides(channel, drafts);
  const client = useClient();
  const { busy, save } = useSave(channel, changed);

  function ask(): void {
    const state = client.store.getState();
    const overrides = [...withDrafts(channel, drafts)];
    const after = { ...state, channels: { ...state.channels, [channel.id]: { ...channel, overrides } } };
    const found = lockOutBy(state, after, channel.server_id, channel.id);
    if (found) setLoss(found);
    else void save();
  }

  return (
    <>
      {changed.length > 0 && (
        <p role="status" className="mr-auto self-center text-sm text-muted">
          {t("roles.unsaved")}
        </p>
      )}
      <Button variant="ghost" disabled={changed.length === 0} onClick={() => discardOverrides(channel.id)}>
        {t("roles.reset")}
      </Button>
      <Button variant="primary" busy={busy} disabled={changed.length === 0} onClick={ask}>
        {t("common:save")}
      </Button>
      <ConfirmDialog
        open={loss !== null}
        danger
        onOpenChange={() => setLoss(null)}
        title={t("lockOut.title")}
        description={loss === "view" ? t("lockOut.view") : t("lockOut.manage")}
        confirmLabel={t("lockOut.submit")}
        onConfirm={save}
      />
    </>
  );
}

function useSave(
  channel: ServerChannel,
  changed: readonly ChannelOverride[],
): { busy: boolean; save: () => Promise<boolean> } {
  const { t } = useTranslation("rights");
  const client = useClient();
  const toast = useToast();
  const format = useFormat();
  const targets = useTargets(channel);
  const { busy, run } = useAction();
  const labelOf = (of: Target) => targets.find((one) => isSameTarget(one, of))?.label ?? "";

  async function save(): Promise<boolean> {
    // What allows comes first: otherwise the user could lose the right to save the rest in between.
    const order = changed.toSorted((a, b) => Number(b.allow > 0) - Number(a.allow > 0));
    const done: Target[] = [];
    const isSaved = await run(
      async () => {
        for (const override of order) {
          const { target_id, allow, deny, type } = override;
          if (allow === 0 && deny === 0) await client.rest.removeOverride(channel.id, target_id, type);
          else await client.rest.setOverride(channel.id, target_id, { type, allow, deny });
          done.push(override);
        }
      },
      () => (done.length > 0 ? t("channel.partlySaved", { names: format.list(done.map(labelOf)) }) : null),
    );
    if (!isSaved) {
      for (const target of done) discardOverride(channel.id, target);
      return false;
    }
    discardOverrides(channel.id);
    toast({ title: t("channel.saved"), tone: "success" });
    return true;
  }
  return { busy, save };
}
