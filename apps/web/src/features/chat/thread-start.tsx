import { previewText, voiceLengthOf, type Message } from "@miscord/protocol";
import { voiceText } from "../../core/voice-text.ts";
import { withRoles } from "../../core/role-mentions.ts";
import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { useClient, useClientState } from "../../core/client.ts";
import { paths } from "../../core/paths.ts";
import { useLoaded } from "../../core/use-loaded.ts";
import { nameOf as shownName } from "../../core/name-of.ts";
import { useChat } from "./chat-context.ts";

/** Above the first message of a thread: the message that it was started from, or the tags of a post. */
export function ThreadStart({ threadId }: { threadId: number }) {
  const { t } = useTranslation(["chat", "threads", "forums"]);
  const { nameOf, isBlocked } = useChat();
  const starter = useStarter(threadId);
  const tags = useTagText(threadId);
  if (tags !== null) return tags || t("forums:start");
  if (!starter || isBlocked(starter.author.id)) return t("threads:start");
  const text =
    withRoles(previewText(starter.content)) ||
    voiceText(voiceLengthOf(starter).voice_ms) ||
    t("chat:message.attachments", { count: starter.attachments.length });
  return (
    <Link
      href={paths.message(starter.server_id, starter.channel_id, starter.id)}
      className="block truncate text-link hover:underline"
    >
      {t("chat:message.announce", { author: nameOf(starter.author.id) ?? shownName(starter.author), text })}
    </Link>
  );
}

/** The tags of a post in one line; null for a thread that is no post. */
function useTagText(threadId: number): string | null {
  return useClientState(({ threads, channels }) => {
    const { tags: ids, parent_id = 0 } = threads[threadId] ?? {};
    if (!ids) return null;
    const own = channels[parent_id]?.forum?.tags.filter(({ id }) => ids.includes(id)) ?? [];
    return own.map(({ emoji, name }) => (emoji ? `${emoji} ${name}` : name)).join(" · ");
  });
}

/** From the parent's messages when it is among the loaded ones. Null without one, and once it is deleted. */
function useStarter(threadId: number): Message | null {
  const client = useClient();
  const parentId = useClientState((state) => state.threads[threadId]?.parent_id ?? null);
  const messageId = useClientState((state) => state.threads[threadId]?.message_id ?? null);
  const known = useClientState((state) =>
    state.timelines[parentId ?? 0]?.messages.find(({ id }) => id === messageId && messageId !== null),
  );
  const isKnown = known !== undefined;
  const load = useCallback(async () => {
    if (isKnown || parentId === null || messageId === null) return null;
    const { messages } = await client.rest.listMessages(parentId, { around: messageId, limit: 1 });
    return messages.find(({ id }) => id === messageId) ?? null;
  }, [client, isKnown, parentId, messageId]);
  const { loaded } = useLoaded(load);
  return known ?? loaded.value;
}
