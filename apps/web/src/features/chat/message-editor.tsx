import { limits, type Message } from "@miscord/protocol";
import { isVisible } from "@miscord/text";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "../../core/client.ts";
import { withRoleMarks } from "../../core/role-mentions.ts";
import { useAction } from "../../core/use-action.ts";
import { Button } from "../../ui/button.tsx";
import { messageBoxClass, MessageInput } from "../composer/message-input.tsx";
import { useChat } from "./chat-context.ts";
import { changeEdit, endSavedEdit, stopEditing, useEditing } from "../composer/editing.ts";

/** Replaces the message's text while it is edited. Saving an empty text asks whether to delete the message. */
export function MessageEditor({ message }: { message: Message }) {
  const { t } = useTranslation(["chat", "common"]);
  const client = useClient();
  const { serverId, channelId, actions } = useChat();
  const { busy, run } = useAction();
  const hintId = useId();
  const text = useEditing(({ edit }) => edit?.text ?? "");
  const excess = text.length - limits.messageLength;

  async function save(): Promise<void> {
    if (excess > 0) return;
    if (!isVisible(text) && message.attachments.length === 0) return actions.remove(message, false);
    const content = withRoleMarks(channelId, text);
    const isSaved = content === message.content || (await run(() => client.editMessage(message.id, content)));
    if (isSaved) endSavedEdit(message.id, text);
  }

  return (
    <div className="py-1">
      <div className={`${messageBoxClass} flex px-3`}>
        <MessageInput
          serverId={serverId}
          channelId={channelId}
          label={t("edit.label")}
          value={text}
          onChange={changeEdit}
          onSubmit={() => void save()}
          onCancel={stopEditing}
          describedBy={hintId}
          autoFocus
        />
      </div>
      <div className="mt-1 flex items-center gap-2 text-xs text-muted">
        <span id={hintId} className="flex-1 pointer-coarse:invisible">
          {t("edit.hint")}
        </span>
        {excess > 0 && (
          <span role="status" className="text-danger-ink">
            {t("composer.tooLong", { count: excess })}
          </span>
        )}
        <Button size="sm" variant="ghost" onClick={stopEditing}>
          {t("common:cancel")}
        </Button>
        <Button size="sm" variant="primary" busy={busy} disabled={excess > 0} onClick={() => void save()}>
          {t("edit.save")}
        </Button>
      </div>
    </div>
  );
}
