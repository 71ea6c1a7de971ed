import { previewText, voiceLengthOf, type Message } from "@miscord/protocol";
import { voiceText } from "../../../core/voice-text.ts";
import { withRoles } from "../../../core/role-mentions.ts";
import { Pin, PinOff } from "lucide-react";
import { useEffect, useEffectEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { useClient, useClientState } from "../../../core/client.ts";
import { paths } from "../../../core/paths.ts";
import { useBlocked, usePersonIn } from "../../../core/people.ts";
import { useAction } from "../../../core/use-action.ts";
import { useCan } from "../../../core/use-can.ts";
import { useFormat } from "../../../i18n/format.ts";
import { useRelativeTime } from "../../../i18n/time-texts.ts";
import { HiddenItem } from "../../../layout/hidden-item.tsx";
import { Avatar } from "../../../ui/avatar.tsx";
import { EmptyState } from "../../../ui/empty-state.tsx";
import { IconButton } from "../../../ui/icon-button.tsx";
import { Skeleton } from "../../../ui/skeleton.tsx";
import { nameOf } from "../../../core/name-of.ts";

interface PinsPanelProps {
  serverId: number;
  channelId: number;
  onLeave: () => void;
}

/** The channel's pinned messages, the latest pin first. */
export function PinsPanel({ serverId, channelId, onLeave }: PinsPanelProps) {
  const { t } = useTranslation("chat");
  const client = useClient();
  const { run } = useAction();
  const pins = useClientState((state) => state.timelines[channelId]?.pins ?? null);
  const isReady = useClientState((state) => state.timelines[channelId]?.status === "ready");
  const mayPin = useCan(serverId, "pinMessages", channelId);
  const isMissing = pins === null && isReady;
  const load = useEffectEvent(() => void run(() => client.loadPins(channelId)));
  useEffect(() => {
    if (isMissing) load();
  }, [isMissing]);
  return (
    <>
      <header className="flex min-h-12 items-center border-b border-line px-4">
        <h2 className="font-semibold">{t("pins.title")}</h2>
      </header>
      <div className="min-h-0 overflow-y-auto overscroll-contain">
        {pins === null && <Skeleton className="m-4 h-3.5 w-40" />}
        {pins?.length === 0 && (
          <EmptyState icon={<Pin size={26} aria-hidden />} title={t("pins.empty")} description={t("pins.emptyHint")} />
        )}
        {pins !== null && pins.length > 0 && (
          <ul className="flex flex-col p-1.5">
            {pins.map((message) => (
              <PinnedMessage key={message.id} message={message} mayUnpin={mayPin} onLeave={onLeave} />
            ))}
          </ul>
        )}
      </div>
    </>
  );
}

interface PinnedMessageProps {
  message: Message;
  mayUnpin: boolean;
  onLeave: () => void;
}

function PinnedMessage({ message, mayUnpin, onLeave }: PinnedMessageProps) {
  const { t } = useTranslation("chat");
  const client = useClient();
  const format = useFormat();
  const ago = useRelativeTime(message.timestamp);
  const { run } = useAction();
  const { id, server_id: serverId, channel_id: channelId, content, attachments } = message;
  const author = usePersonIn(channelId, message.author);
  const voice = voiceText(voiceLengthOf(message).voice_ms);
  const fileCount = attachments.length - (voice ? 1 : 0);
  const isBlocked = useBlocked().has(author.id);
  const [isRevealed, setRevealed] = useState(false);
  if (isBlocked && !isRevealed) return <HiddenItem className="px-3 py-2.5" onReveal={() => setRevealed(true)} />;
  return (
    <li className="group relative flex items-start rounded-md hover:bg-hover">
      <Link
        href={paths.message(serverId, channelId, id)}
        onClick={onLeave}
        className="focus-inset flex min-w-0 flex-1 gap-3 rounded-md py-2.5 pr-11 pl-3"
      >
        <Avatar user={author} ground="overlay" />
        <span className="min-w-0 flex-1 text-sm">
          <span className="flex items-baseline gap-2">
            <bdi className="truncate font-medium">{nameOf(author)}</bdi>
            <time
              dateTime={message.timestamp}
              title={format.dateTime(message.timestamp)}
              className="shrink-0 text-xs text-muted"
            >
              {ago}
            </time>
          </span>
          <span dir="auto" className="line-clamp-4 text-muted wrap-break-word">
            {withRoles(previewText(content))}
          </span>
          {voice && <span className="block text-muted">{voice}</span>}
          {fileCount > 0 && (
            <span className="block text-xs text-faint">{t("message.attachments", { count: fileCount })}</span>
          )}
        </span>
      </Link>
      {mayUnpin && (
        <IconButton
          size="sm"
          label={t("action.unpin")}
          icon={<PinOff size={16} />}
          tooltipSide="left"
          className="absolute top-2 right-2 pointer-fine:opacity-0 pointer-fine:group-hover:opacity-100 pointer-fine:focus-visible:opacity-100"
          onClick={() => void run(() => client.setPin(message, false))}
        />
      )}
    </li>
  );
}
