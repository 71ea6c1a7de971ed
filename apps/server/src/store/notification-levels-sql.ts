/**
 * `resolveNotifications` of packages/protocol in SQL that every database understands, as text: the log's statements and
 * the queries share it. Names are those of columns in the statement around; `at` is in milliseconds since the epoch.
 */

interface Names {
  userId: string;
  serverId: string;
  channelId: string;
}

/** From the narrowest to the widest. A thread inherits from its parent. */
function scopesOf({ serverId, channelId }: Names): readonly string[] {
  const parentId = `(select parent.parent_id from channels parent where parent.id = ${channelId})`;
  return [`'channel:' || ${channelId}`, `'channel:' || ${parentId}`, `'server:' || ${serverId}`, "'account'"];
}

function inherited(column: string, names: Names, otherwise: string): string {
  const settings = scopesOf(names).map(
    (scope) =>
      `(select l.${column} from notification_levels l where l.user_id = ${names.userId} and l.scope = ${scope})`,
  );
  return `coalesce(${settings.join(", ")}, ${otherwise})`;
}

/** Whether a mention of a role in the channel is none of the user. */
export function suppressesRoles(names: Names): string {
  return `(${inherited("suppress_roles", names, "0")} = 1)`;
}

/** Whether `@everyone` and `@here` in the channel are no mention of the user. */
export function suppressesEveryone(names: Names): string {
  return `(${inherited("suppress_everyone", names, "0")} = 1)`;
}

/** Whether what is in the channel is not announced to the user: muted, or at level `nothing`. */
export function isSilenced(names: Names & { at: string }): string {
  const ofUser = `select 1 from notification_levels l where l.user_id = ${names.userId}`;
  const muted = `${ofUser} and l.muted_until > ${names.at} and l.scope in (${scopesOf(names).join(", ")})`;
  // Most users have set nothing, which takes one look.
  return `(exists (${ofUser}) and (exists (${muted}) or ${inherited("level", names, "'mentions'")} = 'nothing'))`;
}
