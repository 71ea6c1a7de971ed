import { limits } from "@miscord/protocol";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "../../../core/client.ts";
import { useAction } from "../../../core/use-action.ts";
import { Button } from "../../../ui/button.tsx";
import { ConfirmDialog } from "../../../ui/confirm-dialog.tsx";
import { isInOverlay } from "../../../ui/is-in-overlay.ts";
import { useChat } from "../chat-context.ts";
import { useMessagePrompts } from "../message-prompts.ts";
import { endSelecting, toggleMessage } from "./selection.ts";

/** In place of the composer while messages are chosen: how many, and their deletion. */
export function SelectionBar({ channelId }: { channelId: number }) {
  const { t } = useTranslation(["moderation", "common"]);
  const client = useClient();
  const { canManage } = useChat();
  const { run } = useAction();
  const [isAsking, setAsking] = useState(false);
  const ids = useMessagePrompts(({ selection }) => selection?.ids);
  const count = ids?.size ?? 0;
  useKeys();
  useEffect(() => {
    if (!canManage) endSelecting();
  }, [canManage]);
  useEffect(() => endSelecting, [channelId]);
  const remove = async () => {
    const isDone = await run(() => client.rest.deleteMessages(channelId, [...(ids ?? [])]));
    if (isDone) endSelecting();
    return isDone;
  };
  return (
    <section
      aria-label={t("selection.title")}
      className="flex shrink-0 flex-wrap items-center justify-end gap-2 border-t border-line px-4 pt-3 pb-[max(0.75rem,env(safe-area-inset-bottom))]"
    >
      <p role="status" className="mr-auto text-sm">
        {t("selection.count", { count })} <span className="hidden text-faint md:inline">{t("selection.hint")}</span>
      </p>
      <Button variant="ghost" onClick={endSelecting}>
        {t("common:cancel")}
      </Button>
      <Button variant="danger" disabled={count === 0} onClick={() => setAsking(true)}>
        {t("selection.delete")}
      </Button>
      <ConfirmDialog
        open={isAsking}
        onOpenChange={setAsking}
        danger
        title={t("selection.ask", { count })}
        description={t("selection.final", { limit: limits.bulkDelete })}
        confirmLabel={t("selection.delete")}
        onConfirm={remove}
      />
    </section>
  );
}

/** Space on a message chooses it, Escape ends the choice. */
function useKeys(): void {
  useEffect(() => {
    function onKeyDown(event: KeyboardEvent): void {
      const target = event.target as HTMLElement;
      if (event.defaultPrevented || isInOverlay(target) || target.closest("[role=alertdialog]")) return;
      const id = target.matches("article[data-message]") ? Number(target.dataset["message"]) : null;
      if (event.key === " " && id !== null) toggleMessage(id, null);
      else if (event.key === "Escape") endSelecting();
      else return;
      event.preventDefault();
      event.stopPropagation();
    }
    // Before the list, where Escape leads to the composer.
    document.addEventListener("keydown", onKeyDown, true);
    return () => document.removeEventListener("keydown", onKeyDown, true);
  }, []);
}
