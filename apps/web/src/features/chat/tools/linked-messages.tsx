import { ApiError, type ClientState, type MiscordClient } from "@miscord/client";
import { textBeside, type MainEvent, type Message } from "@miscord/protocol";
import { linksToPreview } from "@miscord/text";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { useClient, useClientState, useMe } from "../../../core/client.ts";
import { nameOf } from "../../../core/name-of.ts";
import { paths } from "../../../core/paths.ts";
import { channelName, useBlocked, usePersonIn } from "../../../core/people.ts";
import { useFormat } from "../../../i18n/format.ts";
import { Avatar } from "../../../ui/avatar.tsx";
import { Attachments } from "../../attachments/attachments.tsx";
import { StickerPicture } from "../../emoji/sticker-picture.tsx";
import { innerLinkOf } from "../../markdown/inner-link.ts";
import { Markdown } from "../../markdown/markdown.tsx";

/** More links of a message are links only. */
const shownAtMost = 3;

/** The messages that a text links to, for readers who see them. Links in code, spoilers and angle brackets show nothing. */
export function LinkedMessages({ message, isActive }: { message: Message; isActive: boolean }) {
  const { content, channel_id: openId } = message;
  const places = linksToPreview(content, Number.MAX_SAFE_INTEGER).flatMap((href) => {
    const link = innerLinkOf(href, location.origin);
    return link?.kind === "channel" && link.messageId !== null ? [[link.channelId, link.messageId] as const] : [];
  });
  return places
    .slice(0, shownAtMost)
    .map(([channelId, messageId]) => <LinkedMessage key={messageId} {...{ openId, channelId, messageId, isActive }} />);
}

interface LinkedMessageProps {
  /** Of the message with the link, which is open. */
  openId: number;
  channelId: number;
  messageId: number;
  /** Whether the message with the link is in the tab order. */
  isActive: boolean;
}

function LinkedMessage({ openId, channelId, messageId, isActive }: LinkedMessageProps) {
  const message = useLinked(channelId, messageId, openId);
  const isBlocked = useBlocked();
  if (!message || message.notice || message.call || isBlocked.has(message.author.id)) return null;
  return <Preview {...{ message, isActive }} />;
}

function Preview({ message, isActive }: { message: Message; isActive: boolean }) {
  const { t } = useTranslation("tools");
  const format = useFormat();
  const { id, server_id: serverId, channel_id: channelId, timestamp, sticker, attachments } = message;
  const author = usePersonIn(channelId, message.author);
  // A thread that the user has not opened is unknown.
  const name = useClientState((state) =>
    channelId in state.channels || channelId in state.dms ? channelName(state, channelId) : null,
  );
  const text = message.content + textBeside(message);
  return (
    <section
      aria-label={t("linked.label", { author: nameOf(author) })}
      className="mt-1 max-w-130 rounded-md border-s-4 border-line-strong bg-sunken px-3 py-2"
    >
      <p className="flex min-w-0 items-center gap-1.5 text-sm">
        <Avatar user={author} size={16} />
        <bdi className="truncate font-medium">{nameOf(author)}</bdi>
      </p>
      {sticker && <StickerPicture {...sticker} />}
      {text !== "" && !sticker && (
        <div className="max-h-44 overflow-hidden">
          <Markdown content={text} mentionOf={nobody} mentions={noMentions} mentionsEveryone={false} />
        </div>
      )}
      {attachments.length > 0 && <Attachments attachments={attachments} />}
      <Link
        href={paths.message(serverId, channelId, id)}
        tabIndex={isActive ? 0 : -1}
        className="mt-1 block text-xs wrap-anywhere text-muted underline-offset-2 hover:text-ink hover:underline"
      >
        {name !== null && <bdi>{name} · </bdi>}
        <time dateTime={timestamp}>{format.dateTime(timestamp)}</time> · {t("linked.open")}
      </Link>
    </section>
  );
}

/** Nobody is mentioned by what is linked to. */
const nobody = () => null;
const noMentions: readonly number[] = [];

/** By user, message and whether its channel is listed, the latest last: rows are made anew as they scroll. Null: none that the user sees. */
const known = new Map<string, { message: Message | null; at: number }>();
const knownAtMost = 200;
/** So long a message is not asked for again when its row or the page is shown anew. */
const freshMs = 30_000;

function remember(key: string, message: Message | null): void {
  known.delete(key);
  known.set(key, { message, at: Date.now() });
  const [oldest] = known.keys();
  if (known.size > knownAtMost && oldest !== undefined) known.delete(oldest);
}

const ageOf = (key: string) => Date.now() - (known.get(key)?.at ?? 0);

/**
 * The message as the user may read it; null without one, and until it is there. Of the open channel the state has it. Of others, whose
 * timelines in the state may be outdated, nothing tells what becomes of a message: it is read again when its row or the page is shown
 * anew, and after the connection was gone.
 */
function useLinked(channelId: number, messageId: number, openId: number): Message | null {
  const client = useClient();
  const me = useMe();
  // Whoever loses the channel is asked for anew.
  const isListed = useClientState((state) => channelId in state.channels || channelId in state.dms);
  const present = useClientState((state) => (channelId === openId ? loadedIn(state, channelId, messageId) : undefined));
  const key = `${me.id} ${messageId} ${isListed}`;
  const [found, setFound] = useState<{ key: string; message: Message | null } | null>(null);
  const message = present ?? (found?.key === key ? found.message : known.get(key)?.message) ?? null;
  const serverId = message?.server_id ?? null;
  const isLoaded = present !== undefined;
  useEffect(() => {
    let isWanted = true;
    const show = (latest: Message | null) => {
      remember(key, latest);
      if (isWanted) setFound({ key, message: latest });
    };
    const look = async () => {
      await turnToRead();
      if (!isWanted) return;
      try {
        show(await read(client, channelId, messageId));
      } catch (error) {
        // Anything but a refusal is tried again when the row is shown anew.
        if (isRefusal(error)) show(null);
      }
    };
    const lookLater = () => void later().then(look);
    if (!isLoaded && ageOf(key) > freshMs) void look();
    const stops = [
      client.on("event", (event) => {
        if (event.type === "message_edited" && event.data.id === messageId) show(event.data);
        if (event.type === "message_deleted" && event.data.message_id === messageId) show(null);
        // The user may lose a thread with its channel, and hears of that one only.
        if (!isListed && isLoss(event) && event.server_id === serverId) lookLater();
      }),
      ...(isLoaded ? [] : [onReconnect(client, lookLater), onShownAnew(() => ageOf(key) > freshMs && void look())]),
    ];
    return () => {
      isWanted = false;
      for (const stop of stops) stop();
    };
  }, [client, key, channelId, messageId, serverId, isListed, isLoaded]);
  useEffect(() => {
    if (present) remember(key, present);
  }, [key, present]);
  return message;
}

function isLoss(event: MainEvent): event is Extract<MainEvent, { type: "channel_removed" | "channel_deleted" }> {
  return event.type === "channel_removed" || event.type === "channel_deleted";
}

function onReconnect({ store }: MiscordClient, heard: () => void): () => void {
  let wasReady = store.getState().connection.ready;
  return store.subscribe(({ connection: { ready } }) => {
    if (ready && !wasReady) heard();
    wasReady = ready;
  });
}

function onShownAnew(heard: () => void): () => void {
  const seen = () => document.visibilityState === "visible" && heard();
  document.addEventListener("visibilitychange", seen);
  return () => document.removeEventListener("visibilitychange", seen);
}

/** All who have a message on their screens hear at the same time that they were cut off, or have lost a channel. */
const spreadMs = 5_000;

function later(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, spreadMs * Math.random()));
}

function isRefusal(error: unknown): boolean {
  return error instanceof ApiError && (error.code === "not_found" || error.code === "forbidden");
}

function loadedIn({ timelines }: ClientState, channelId: number, messageId: number): Message | undefined {
  return timelines[channelId]?.messages.find(({ id }) => id === messageId);
}

async function read({ rest }: MiscordClient, channelId: number, messageId: number): Promise<Message | null> {
  const { messages } = await rest.listMessages(channelId, { around: messageId, limit: 1 });
  return messages.find(({ id }) => id === messageId) ?? null;
}

/** All readers of a channel read what somebody links to in it, so each of them reads some at once, then one in a while. */
const readEveryMs = 2_000;
const readAtOnce = 6;
let turnsTakenUntil = 0;

function turnToRead(): Promise<void> {
  const now = Date.now();
  turnsTakenUntil = Math.max(turnsTakenUntil, now) + readEveryMs;
  const waitMs = turnsTakenUntil - now - readAtOnce * readEveryMs;
  return waitMs <= 0 ? Promise.resolve() : new Promise((resolve) => setTimeout(resolve, waitMs));
}
