import type { WebhookWithToken } from "@miscord/protocol";
import { Copy } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useCopy } from "../../../core/use-copy.ts";
import { Button } from "../../../ui/button.tsx";
import { Field } from "../../../ui/field.tsx";
import { IconButton } from "../../../ui/icon-button.tsx";
import { Input } from "../../../ui/input.tsx";

/** The address of a webhook, which holds its token and is shown this once. */
export function ShownAddress({ webhook, onDone }: { webhook: WebhookWithToken; onDone: () => void }) {
  const { t } = useTranslation("webhooks");
  const copy = useCopy();
  const address = `${location.origin}/api/webhooks/${webhook.id}/${webhook.token}`;
  return (
    <div role="status" className="mb-3 rounded-md border border-line-strong p-3">
      <Field label={t("address", { name: webhook.name })} hint={t("addressHint")}>
        <div className="flex items-center gap-2">
          <Input readOnly value={address} onFocus={(event) => event.target.select()} className="font-mono text-sm" />
          <IconButton label={t("copyAddress")} icon={<Copy size={17} />} onClick={() => void copy(address)} />
        </div>
      </Field>
      <Button size="sm" className="mt-3" onClick={onDone}>
        {t("addressDone")}
      </Button>
    </div>
  );
}
