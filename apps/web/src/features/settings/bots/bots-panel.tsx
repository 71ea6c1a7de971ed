import { botCalls } from "@miscord/client";
import type { BotWithToken } from "@miscord/protocol";
import { Plus } from "lucide-react";
import { useCallback, useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "../../../core/client.ts";
import { useLoaded } from "../../../core/use-loaded.ts";
import { ListPanel } from "../../../layout/list-panel.tsx";
import { Button } from "../../../ui/button.tsx";
import { BotItem } from "./bot-item.tsx";
import { NewBotDialog } from "./new-bot-dialog.tsx";
import { ShownToken } from "./shown-token.tsx";

/** The bots that the user has made. */
export function BotsPanel() {
  const { t } = useTranslation("bots");
  const client = useClient();
  const { loaded, reload } = useLoaded(useCallback(() => botCalls(client.rest).list(), [client]));
  const [isMaking, setMaking] = useState(false);
  const [shown, setShown] = useState<BotWithToken | null>(null);
  const made = (bot: BotWithToken) => {
    setMaking(false);
    setShown(bot);
    reload();
  };
  return (
    <>
      <ListPanel
        title={t("title")}
        loaded={loaded}
        empty={t("none")}
        onRetry={reload}
        keyOf={(bot) => bot.id}
        toolbar={
          <>
            <p className="mb-3 text-sm text-muted">{t("hint")}</p>
            {shown && <ShownToken bot={shown} onDone={() => setShown(null)} />}
            <Button size="sm" className="mb-2" onClick={() => setMaking(true)}>
              <Plus size={16} aria-hidden />
              {t("make")}
            </Button>
          </>
        }
        renderItem={(bot) => <BotItem bot={bot} onChanged={reload} onRenewed={made} />}
      />
      {isMaking && <NewBotDialog onMade={made} onClose={() => setMaking(false)} />}
    </>
  );
}
