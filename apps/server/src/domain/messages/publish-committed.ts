import type { Message } from "@miscord/protocol";
import { everyoneNotifications, notificationsById } from "../../store/queries/notifications.ts";
import { closePushes } from "../../store/queries/push.ts";
import { channelViewers } from "../../store/queries/visible-channels.ts";
import type { Committed, LogCommand } from "../../store/contract.ts";
import { createBatches } from "../../concurrency/batches.ts";
import type { DomainContext } from "../context.ts";
import type { PrivateCalls } from "../ports.ts";
import { takeBackNotifications } from "../notifications/take-back.ts";
import { publishToRecipients } from "../private/publish-to-recipients.ts";
import { publish, topicOf } from "../publish.ts";
import { PostAnnouncer } from "../threads/announce-posts.ts";
import { announceRevival } from "../threads/announce-thread.ts";
import { followed } from "../threads/follow-thread.ts";
import { ActivityAnnouncer } from "./announce-activity.ts";

/** Changes of a message that concern nobody in particular. */
const tellsNobody: ReadonlySet<LogCommand["kind"]> = new Set([
  "pin",
  "touch",
  "vote",
  "closePoll",
  "expire_files",
  "preview",
  "remove_previews",
]);

/** Members notified of an @everyone by one query. */
const membersAtOnce = 500;

type Context = Pick<DomainContext, "store" | "bus" | "clock" | "unread"> & PrivateCalls;

export interface Publisher {
  /** To be registered with `store.log.onCommitted`. */
  committed(outcome: Committed, command: LogCommand): void;
  /** Publishes what waits. */
  stop(): void;
}

/**
 * Publishes what the log has committed. The channel's event is published synchronously, so that events leave in the order
 * of their positions. Activity, notifications and unread counts follow later; `onError` receives their failures.
 */
export function createPublisher(context: Context, onError: (error: unknown) => void): Publisher {
  const notify = createBatches<Committed>((outcomes) => publishNotifications(context, outcomes));
  const activity = new ActivityAnnouncer(context, context.clock);
  const posts = new PostAnnouncer(context, onError);
  return {
    committed(outcome, command) {
      const { event, channelId, serverId, isRestricted } = outcome;
      if (!event) return;
      publish(context, `channel:${channelId}`, event);
      if (event.type === "new_message" && serverId !== null) {
        const topic = topicOf({ id: channelId, serverId, isRestricted });
        activity.announce(topic, { serverId, channelId, seq: event.seq });
      }
      // What a reaction changes is not in the list of posts.
      if (outcome.forumId !== null && event.type !== "reaction_updated") posts.announce(outcome.forumId, channelId);
      closeShown(context, outcome).catch(onError);
      if (outcome.recipients) publishToRecipients(context, outcome, outcome.recipients).catch(onError);
      else if (!tellsNobody.has(command.kind)) publishToUsers(context, outcome, notify).catch(onError);
    },
    stop() {
      activity.stop();
      posts.stop();
    },
  };
}

/** Takes the notifications of a message that is gone, or no longer names somebody, off their devices. */
async function closeShown({ store, clock }: Context, outcome: Committed): Promise<void> {
  const { event, unmentioned: userIds, unaddressed } = outcome;
  if (event?.type === "message_deleted") {
    await closePushes(store.db, { messageId: event.data.message_id }, clock.now());
  } else if (event?.type === "message_edited" && (outcome.unmentionedEveryone || unaddressed.length > 0)) {
    await closePushes(store.db, { messageId: event.data.id, isTakenBack: true }, clock.now());
  } else if (event?.type === "message_edited" && userIds.length > 0) {
    await closePushes(store.db, { messageId: event.data.id, userIds }, clock.now());
  }
}

async function publishToUsers(
  context: Context,
  outcome: Committed,
  notify: (outcome: Committed) => Promise<void>,
): Promise<void> {
  const { channelId, notified, unmentioned, unaddressed } = outcome;
  followed(context, channelId, outcome.following);
  if (outcome.isRevived) await announceRevival(context, channelId);
  const viewers = await viewersConcerned(context, outcome);
  takeBackNotifications(context, outcome, outcome.unmentionedEveryone ? viewers : unaddressed);
  if (notified.length > 0) await notify(outcome);
  const reached = outcome.notifiedEveryone && outcome.message ? await notifyGroups(context, outcome.message) : [];
  const named = [...notified.map(({ userId }) => userId), ...unmentioned];
  const userIds = [...named, ...unaddressed, ...viewers, ...reached];
  if (userIds.length > 0) await context.unread.announce(channelId, userIds);
}

/**
 * All users who see the channel when a message starts or stops mentioning everyone, otherwise none: their unread
 * counts change. An edit that leaves it at that changes nobody's.
 */
async function viewersConcerned(
  { store }: Context,
  { event, channelId, notifiedEveryone, unmentionedEveryone }: Committed,
): Promise<readonly number[]> {
  const isText = event?.type === "new_message" || event?.type === "message_edited";
  const mentions = notifiedEveryone && isText && event.data.mentions_everyone;
  return mentions || unmentionedEveryone ? channelViewers(store.db, channelId) : [];
}

/** Publishes the notifications of those whom the message addresses as one of many; resolves with their ids. */
async function notifyGroups(context: Context, message: Message): Promise<number[]> {
  const since = Date.parse(message.edited_at ?? message.timestamp);
  const reached: number[] = [];
  let page: Awaited<ReturnType<typeof everyoneNotifications>> = [];
  do {
    const after = page.at(-1)?.userId ?? 0;
    page = await everyoneNotifications(context.store.db, message.id, { after, limit: membersAtOnce, since });
    for (const { userId, notification } of page) {
      publish(context, `user:${userId}`, { type: "notification", data: notification });
      reached.push(userId);
    }
  } while (page.length === membersAtOnce);
  return reached;
}

async function publishNotifications(context: Context, outcomes: readonly Committed[]): Promise<void> {
  const ids = outcomes.flatMap(({ notified }) => notified.map(({ notificationId }) => notificationId));
  for (const { userId, notification } of await notificationsById(context.store.db, ids)) {
    publish(context, `user:${userId}`, { type: "notification", data: notification });
  }
}
