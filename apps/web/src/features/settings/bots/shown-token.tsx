import type { BotWithToken } from "@miscord/protocol";
import { Copy } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useCopy } from "../../../core/use-copy.ts";
import { Button } from "../../../ui/button.tsx";
import { Field } from "../../../ui/field.tsx";
import { IconButton } from "../../../ui/icon-button.tsx";
import { Input } from "../../../ui/input.tsx";

/** The token of a bot, which is shown this once. */
export function ShownToken({ bot, onDone }: { bot: BotWithToken; onDone: () => void }) {
  const { t } = useTranslation("bots");
  const copy = useCopy();
  return (
    <div role="status" className="mb-3 rounded-md border border-line-strong p-3">
      <Field label={t("token", { name: bot.display_name })} hint={t("tokenHint")}>
        <div className="flex items-center gap-2">
          <Input readOnly value={bot.token} onFocus={(event) => event.target.select()} className="font-mono text-sm" />
          <IconButton label={t("copyToken")} icon={<Copy size={17} />} onClick={() => void copy(bot.token)} />
        </div>
      </Field>
      <Button size="sm" className="mt-3" onClick={onDone}>
        {t("tokenDone")}
      </Button>
    </div>
  );
}
