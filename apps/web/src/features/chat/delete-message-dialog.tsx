import { plainText } from "@miscord/text";
import { withRoles } from "../../core/role-mentions.ts";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "../../core/client.ts";
import { useAction } from "../../core/use-action.ts";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { useChat } from "./chat-context.ts";
import { endDeleting, useMessagePrompts } from "./message-prompts.ts";

const focusReturnMs = 100;

export function DeleteMessageDialog() {
  const { t } = useTranslation("chat");
  const client = useClient();
  const { run } = useAction();
  const { channelId } = useChat();
  const deleting = useMessagePrompts(({ deleting: message }) => (message?.channel_id === channelId ? message : null));
  // Keeps the message on display while the dialog closes.
  const [shown, setShown] = useState(deleting);
  if (deleting && deleting !== shown) setShown(deleting);
  useEffect(() => {
    if (deleting || !shown) return undefined;
    const timer = setTimeout(focusActiveRow, focusReturnMs);
    return () => clearTimeout(timer);
  }, [deleting, shown]);
  const message = deleting ?? shown;
  if (!message) return null;
  return (
    <ConfirmDialog
      open={deleting !== null}
      onOpenChange={(open) => !open && endDeleting()}
      title={t("delete.title")}
      description={
        <>
          <p>{t("delete.description")}</p>
          <blockquote className="mt-3 line-clamp-4 rounded-md border border-line bg-surface px-3 py-2 text-ink">
            <span dir="auto" className="font-semibold">
              {message.author.display_name}
            </span>{" "}
            {withRoles(plainText(message.content))}
          </blockquote>
        </>
      }
      confirmLabel={t("delete.confirm")}
      danger
      onConfirm={() => run(() => client.deleteMessage(message.id))}
    />
  );
}

/** Moves the focus to the list when the button that opened the dialog is gone, with its message or with the pointer. */
function focusActiveRow(): void {
  const row = document.querySelector<HTMLElement>('#main article[tabindex="0"]');
  // Only if the focus is on the body or on an ancestor of the list.
  if (row && document.activeElement?.contains(row)) row.focus({ preventScroll: true });
}
