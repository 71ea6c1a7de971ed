import type { heldBackIn } from "@miscord/client";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient, useClientState } from "../../core/client.ts";
import { useAction } from "../../core/use-action.ts";
import { useFormat } from "../../i18n/format.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";

interface VerificationNoticeProps {
  serverId: number;
  held: NonNullable<ReturnType<typeof heldBackIn>>;
}

/** In place of the composer: why the user may not write in the server yet, and the rules to accept. */
export function VerificationNotice({ serverId, held }: VerificationNoticeProps) {
  const { t } = useTranslation("verification");
  const format = useFormat();
  const [isReading, setReading] = useState(false);
  const { until, rules } = held;
  return (
    <div className="flex flex-wrap items-center justify-center gap-x-4 gap-y-2 px-4 pb-4 text-sm text-muted">
      <p role="status" className="text-center">
        {until !== null && t("wait", { when: format.dateTime(until) })} {rules && t("accept")}
      </p>
      {rules && (
        <Button size="sm" variant="primary" onClick={() => setReading(true)}>
          {t("read")}
        </Button>
      )}
      {isReading && rules && <RulesDialog serverId={serverId} onClose={() => setReading(false)} />}
    </div>
  );
}

function RulesDialog({ serverId, onClose }: { serverId: number; onClose: () => void }) {
  const { t } = useTranslation(["verification", "common"]);
  const client = useClient();
  const { busy, run } = useAction();
  const server = useClientState((state) => state.servers[serverId]);
  const accept = async () => {
    if (await run(() => client.acceptRules(serverId))) onClose();
  };
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t("rulesOf", { server: server?.name ?? "" })}
      footer={
        <div className="flex justify-end gap-2">
          <Button variant="ghost" onClick={onClose}>
            {t("common:cancel")}
          </Button>
          <Button variant="primary" busy={busy} onClick={() => void accept()}>
            {t("submit")}
          </Button>
        </div>
      }
    >
      <p dir="auto" className="wrap-break-word whitespace-pre-line">
        {server?.verification?.rules}
      </p>
    </Dialog>
  );
}
