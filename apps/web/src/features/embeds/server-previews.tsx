import { onboardingCalls } from "@miscord/client";
import { useTranslation } from "react-i18next";
import { useClient, useClientState } from "../../core/client.ts";
import { untilState } from "../../core/until-state.ts";
import { useAction } from "../../core/use-action.ts";
import { Switch } from "../../ui/switch.tsx";

/** Whether pages that messages of the server link to are read. */
export function ServerPreviews({ serverId }: { serverId: number }) {
  const { t } = useTranslation("previews");
  const client = useClient();
  const { busy, run } = useAction();
  const isOn = useClientState((state) => state.servers[serverId]?.link_previews ?? true);
  const change = (isWanted: boolean) =>
    run(async () => {
      await onboardingCalls(client.rest).setLinkPreviews(serverId, isWanted);
      await untilState(client, ({ servers }) => (servers[serverId]?.link_previews ?? true) === isWanted);
    });
  return (
    <section className="mt-8 border-t border-line pt-5">
      <Switch
        label={t("server")}
        hint={t("serverHint")}
        checked={isOn}
        disabled={busy}
        onChange={(isWanted) => void change(isWanted)}
      />
    </section>
  );
}
