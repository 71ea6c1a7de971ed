import { useEffect } from "react";
import { useClient } from "../../core/client.ts";
import { draftOf } from "./drafts.ts";

/**
 * Checks a draft when its channel is opened: meanwhile the server may have deleted files that a former page uploaded, and
 * somebody the message that it answers. What cannot be checked now is left as it is.
 */
export function useRestoredDraft(channelId: number): void {
  const client = useClient();
  useEffect(() => {
    const { uploads, replyTo } = draftOf(channelId);
    if (uploads.length === 0 && !replyTo) return;
    import("./check-draft.ts").then(({ checkDraft }) => checkDraft(client, channelId)).catch(() => {});
  }, [client, channelId]);
}
