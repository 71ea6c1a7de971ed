import { messageToolCalls } from "@miscord/client";
import type { Message } from "@miscord/protocol";
import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "../../../core/client.ts";
import { useDescribeError } from "../../../core/describe-error.ts";
import { withRoles } from "../../../core/role-mentions.ts";
import { useLoaded } from "../../../core/use-loaded.ts";
import { useFormat } from "../../../i18n/format.ts";
import { Dialog } from "../../../ui/dialog.tsx";
import { Skeleton } from "../../../ui/skeleton.tsx";

/** What an edited message said before, the present text last. */
export function EarlierTextsDialog({ message, onClose }: { message: Message; onClose: () => void }) {
  const { t } = useTranslation("tools");
  const client = useClient();
  const format = useFormat();
  const describe = useDescribeError();
  const { loaded } = useLoaded(
    useCallback(() => messageToolCalls(client.rest).earlierTexts(message.id), [client, message.id]),
  );
  const present = { content: message.content, written_at: message.edited_at ?? message.timestamp };
  const texts = loaded.status === "ready" ? [...loaded.value.texts, present] : [];
  return (
    <Dialog open onOpenChange={onClose} title={t("edits.title")} size="md">
      {loaded.status === "loading" && <Skeleton className="h-3.5 w-40" />}
      {loaded.status === "failed" && <p className="text-sm text-muted">{describe(loaded.error)}</p>}
      <ol className="flex flex-col gap-3">
        {texts.map(({ content, written_at: at }, index) => (
          <li key={index} className="rounded-md bg-surface px-3 py-2 text-sm">
            <p className="mb-1 text-xs text-muted">
              <time dateTime={at}>{format.dateTime(at)}</time>
              {index === texts.length - 1 && ` · ${t("edits.present")}`}
            </p>
            <p dir="auto" className="whitespace-pre-wrap wrap-anywhere">
              {withRoles(content)}
            </p>
          </li>
        ))}
      </ol>
    </Dialog>
  );
}
