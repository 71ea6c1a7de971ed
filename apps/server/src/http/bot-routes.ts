import type { FastifyRequest } from "fastify";
import type { Authentication } from "../domain/context.ts";
import { AppError } from "../errors.ts";

/**
 * What bots call: servers that they are in, their channels, messages, files and members. Accounts, friends, conversations, new
 * servers, invites of others, reports and the instance are for people. By the route's pattern.
 */
const open: readonly RegExp[] = [
  /^\/api\/servers(\/:serverId(\/(channels|roles|members|audit-log|bans|invites|threads|webhooks|emojis|stickers|sounds|voice|leave|raid-mode|bulk-ban|automod)\b.*)?)?$/,
  /^\/api\/(channels|messages|attachments|roles|threads|webhooks|automod|search|notifications)\b/,
];
/**
 * Of these, what makes something that a bot cannot have. What one schedules would outlive its token and the disabling of its owner,
 * and nobody could look at it.
 */
const closed: readonly RegExp[] = [
  /^POST \/api\/servers$/,
  /^DELETE \/api\/servers\/:serverId$/,
  /^POST \/api\/channels\/:channelId\/scheduled$/,
];
/** Their own profile; the list of conversations, of which they have none. */
const own = /^(GET \/api\/auth\/me|PUT \/api\/auth\/me\/status|GET \/api\/dms)$/;

/** Throws `forbidden` for a bot where only people go. */
export function requirePerson(request: FastifyRequest, { user }: Pick<Authentication, "user">): void {
  if (!user.is_bot) return;
  const url = request.routeOptions.url ?? "";
  const call = `${request.method} ${url}`;
  if (own.test(call)) return;
  if (open.some((pattern) => pattern.test(url)) && !closed.some((pattern) => pattern.test(call))) return;
  throw new AppError("forbidden", "Bots cannot do this.");
}
