/**
 * Who may write to whom in SQL that every database understands, as text: the log's statements and the queries share it.
 */

/** Whether one of the two hides the other. */
function isBlocked(one: string, other: string): string {
  const row = (userId: string, blockedId: string) =>
    `exists (select 1 from blocks b where b.user_id = ${userId} and b.blocked_id = ${blockedId})`;
  return `(${row(one, other)} or ${row(other, one)})`;
}

export function areFriends(one: string, other: string): string {
  return `exists (select 1 from friends f join friends g on g.user_id = f.friend_id and g.friend_id = f.user_id
    where f.user_id = ${one} and f.friend_id = ${other})`;
}

export function shareServer(one: string, other: string): string {
  return `exists (select 1 from members m join members n on n.server_id = m.server_id
    where m.user_id = ${one} and n.user_id = ${other})`;
}

/** 1 when the receiver, a row of `users`, lets the sender write to them, otherwise 0. */
export function acceptsFrom(users: string, senderId: string): string {
  const receiverId = `${users}.id`;
  return `(case when ${isBlocked(receiverId, senderId)} then 0
    when ${users}.messages_from = 'everyone' then 1
    when ${users}.messages_from = 'nobody' then 0
    when ${areFriends(receiverId, senderId)} then 1
    when ${users}.messages_from = 'servers' and ${shareServer(receiverId, senderId)} then 1
    else 0 end)`;
}

/**
 * The recipients of the private channels in the condition, each with what the log and the policy need: whether they accept
 * messages there, and which of the channel's other people they hide, as one text, null without any.
 */
export function recipientsWhere(condition: string): string {
  const other = "(select o.user_id from recipients o where o.channel_id = r.channel_id and o.user_id <> r.user_id)";
  return `select r.channel_id, r.user_id, r.request, u.username_key,
      case when c.type = 'group' then 1
        when r.has_opened = 1 and not ${isBlocked("r.user_id", other)} then 1
        else ${acceptsFrom("u", other)} end as accepts,
      (select string_agg(b.blocked_id || '', ',') from blocks b join recipients o on o.user_id = b.blocked_id
        where b.user_id = r.user_id and o.channel_id = r.channel_id) as hides
    from recipients r join channels c on c.id = r.channel_id join users u on u.id = r.user_id
    where ${condition}`;
}

/** A row of `recipientsWhere`. */
export interface RecipientFacts {
  channel_id: number;
  user_id: number;
  username_key: string;
  accepts: number;
  hides: string | null;
  request: number;
}

/** Whether the recipient hides the user. */
export function hides({ hides }: RecipientFacts, userId: number): boolean {
  return hides !== null && hides.split(",").includes(String(userId));
}
