import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient, useClientState, useMe } from "../../core/client.ts";
import { useAction } from "../../core/use-action.ts";
import { Button } from "../../ui/button.tsx";
import { Checkbox } from "../../ui/checkbox.tsx";
import { PeoplePicker } from "./people-picker.tsx";
import { useOpenDm } from "./use-open-dm.ts";

/** Adds people to a group, or begins a new one with them, whose history nobody has. */
export function AddPeople({ channelId, onLeave }: { channelId: number; onLeave: () => void }) {
  const { t } = useTranslation("people");
  const client = useClient();
  const me = useMe();
  const adding = useAction();
  const opening = useOpenDm();
  const dm = useClientState((state) => state.dms[channelId]);
  const [added, setAdded] = useState<readonly number[]>([]);
  const [withHistory, setWithHistory] = useState(true);
  const ids = (dm?.recipients ?? []).map(({ id }) => id);
  async function add(): Promise<void> {
    const isAdded = await adding.run(async () => {
      for (const userId of added) await client.rest.addToGroup(channelId, userId);
    });
    if (isAdded) setAdded([]);
  }
  async function begin(): Promise<void> {
    const others = [...ids, ...added].filter((id) => id !== me.id);
    if (await opening.openDm(others, dm?.name ?? undefined)) onLeave();
  }
  return (
    <>
      <PeoplePicker chosen={added} onChange={setAdded} without={ids} />
      {added.length > 0 && (
        <div className="mt-3">
          <Checkbox label={t("groupDialog.withHistory")} checked={withHistory} onChange={setWithHistory} />
          {!withHistory && <p className="mt-1 text-sm text-muted">{t("groupDialog.withoutHistory")}</p>}
        </div>
      )}
      <Button
        className="mt-3"
        busy={adding.busy || opening.busy}
        disabled={added.length === 0}
        onClick={() => void (withHistory ? add() : begin())}
      >
        {t(withHistory ? "groupDialog.add" : "groupDialog.begin")}
      </Button>
    </>
  );
}
