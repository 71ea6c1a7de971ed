import type { Message } from "@miscord/protocol";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "../../core/client.ts";
import { nameOf as shownName } from "../../core/name-of.ts";
import { VisuallyHidden } from "../../ui/visually-hidden.tsx";
import { useChat } from "./chat-context.ts";
import { useMessageSummary } from "./use-message-label.ts";

const gatherMs = 1_000;
/** If more messages than this arrive within a second, only their number is announced. */
const mostRead = 3;
const kept = 20;

interface Announcement {
  id: number;
  text: string;
}

/**
 * Announces messages of other users to screen readers. Separate from the list, whose rows are mounted and unmounted
 * while scrolling.
 */
export function Announcer() {
  const { t } = useTranslation("chat");
  const announcements = useAnnouncements();
  return (
    <VisuallyHidden role="log" aria-label={t("list.newMessages")}>
      {announcements.map(({ id, text }) => (
        <span key={id} className="block">
          {text}
        </span>
      ))}
    </VisuallyHidden>
  );
}

function useAnnouncements(): readonly Announcement[] {
  const { t } = useTranslation("chat");
  const client = useClient();
  const { channelId, meId, nameOf, isBlocked } = useChat();
  const summary = useMessageSummary();
  const [announcements, setAnnouncements] = useState<readonly Announcement[]>([]);
  useEffect(() => {
    let gathered: Message[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    const say = (message: Message) =>
      t("message.announce", {
        author: nameOf(message.author.id) ?? shownName(message.author),
        text: summary(message),
      });
    function flush(): void {
      const texts =
        gathered.length > mostRead ? [t("list.arrived", { count: gathered.length })] : gathered.map((one) => say(one));
      const first = gathered[0]?.id ?? 0;
      gathered = [];
      timer = undefined;
      setAnnouncements((said) => [...said, ...texts.map((text, at) => ({ id: first + at / 10, text }))].slice(-kept));
    }
    const stop = client.on("message", (message) => {
      if (message.channel_id !== channelId || message.author.id === meId) return;
      if (isBlocked(message.author.id)) return;
      gathered.push(message);
      timer ??= setTimeout(flush, gatherMs);
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
    // oxlint-disable-next-line react/exhaustive-deps -- `summary` changes only with `t`
  }, [client, channelId, meId, nameOf, isBlocked, t]);
  return announcements;
}
