/**
 * Rows of the outbox `pushes` in SQL that every database understands, as text: the log's statements and the queries
 * share it. Whether one is sent is decided when it is due; this only knows who has a device.
 */

const columns = "subscription_id, user_id, channel_id, message_id, notification_id, state, due_at, created_at";

/** A row for each device of those who got the unread notifications in the condition, which is about `n`. */
export function pushNotifications(condition: string): string {
  return `insert into pushes (${columns})
    select s.id, n.user_id, n.channel_id, n.message_id, n.id, 'ring', n.created_at, n.created_at
    from notifications n join push_subscriptions s on s.user_id = n.user_id
    where n.read_at is null and ${condition}`;
}

/** A row for each device of the others in a private channel that is no request to them. `from`: what comes before `recipients r`, with a join. */
export function pushPrivate(
  from: string,
  { channelId, messageId, authorId, at }: Record<"channelId" | "messageId" | "authorId" | "at", string>,
): string {
  return `insert into pushes (${columns})
    select s.id, r.user_id, ${channelId}, ${messageId}, null, 'ring', ${at}, ${at}
    from ${from} recipients r join push_subscriptions s on s.user_id = r.user_id
    where r.channel_id = ${channelId} and r.user_id <> ${authorId} and r.request = 0`;
}
