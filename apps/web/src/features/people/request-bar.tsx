import { useTranslation } from "react-i18next";
import { useClient, useClientState } from "../../core/client.ts";
import { othersIn } from "../../core/people.ts";
import { useAction } from "../../core/use-action.ts";
import { Button } from "../../ui/button.tsx";

/** In place of the composer, while a stranger's conversation waits for an answer. */
export function RequestBar({ channelId }: { channelId: number }) {
  const { t } = useTranslation("people");
  const { rest } = useClient();
  const { busy, run } = useAction();
  const sender = useClientState((state) => othersIn(state, channelId)[0]);
  const isGroup = useClientState((state) => state.channels[channelId]?.type === "group");
  if (!sender && !isGroup) return null;
  const ignore = () => rest.answerRequest(channelId, "ignore");
  return (
    <section
      aria-label={t("request.title")}
      className="flex flex-wrap items-center justify-between gap-3 border-t border-line px-4 py-3"
    >
      <p className="min-w-0 flex-1 basis-64 text-sm text-muted">
        {isGroup ? t("request.group") : t("request.text", { name: sender?.display_name ?? "" })}
      </p>
      <div className="flex flex-wrap gap-2">
        <Button
          variant="primary"
          disabled={busy}
          onClick={() => void run(() => rest.answerRequest(channelId, "accept"))}
        >
          {t("request.accept")}
        </Button>
        <Button disabled={busy} onClick={() => void run(ignore)}>
          {t(isGroup ? "groupDialog.leave" : "request.ignore")}
        </Button>
        {sender && !isGroup && (
          <Button variant="danger" disabled={busy} onClick={() => void run(() => rest.block(sender.id).then(ignore))}>
            {t("block")}
          </Button>
        )}
      </div>
    </section>
  );
}
