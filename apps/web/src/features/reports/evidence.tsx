import type { ReportedMessage } from "@miscord/protocol";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { closeDialog } from "../../core/dialog-store.ts";
import { paths } from "../../core/paths.ts";
import { useClientState } from "../../core/client.ts";
import { useFormat } from "../../i18n/format.ts";

interface EvidenceProps {
  serverId: number | null;
  message: ReportedMessage;
}

/** The message as it was when it was reported. */
export function Evidence({ serverId, message }: EvidenceProps) {
  const { t } = useTranslation("moderation");
  const format = useFormat();
  const isSeen = useClientState((state) => message.channel_id in state.channels);
  const { id, channel_id: channelId, channel_name: channel, content, created_at: createdAt, attachments } = message;
  return (
    <blockquote className="mt-1.5 rounded-md border border-line bg-surface px-3 py-2 text-sm">
      <p dir="auto" className="max-h-40 overflow-y-auto whitespace-pre-wrap wrap-break-word">
        {content}
      </p>
      {attachments.length > 0 && (
        <p className="text-faint wrap-break-word">{format.list(attachments.map(({ filename }) => filename))}</p>
      )}
      <p className="mt-1 text-xs text-faint">
        {channel && <bdi>#{channel} · </bdi>}
        <time dateTime={createdAt}>{format.dateTime(createdAt)}</time>
        {isSeen && (
          <>
            {" · "}
            <Link
              href={paths.message(serverId, channelId, id)}
              onClick={closeDialog}
              className="text-link underline underline-offset-2"
            >
              {t("reports.open")}
            </Link>
          </>
        )}
      </p>
    </blockquote>
  );
}
