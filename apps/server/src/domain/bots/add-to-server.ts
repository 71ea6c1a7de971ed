import type { ServerState } from "@miscord/protocol";
import { limits } from "@miscord/protocol";
import { AppError } from "../../errors.ts";
import { recordAction } from "../../store/queries/audit-log.ts";
import { isBanned } from "../../store/queries/bans.ts";
import { addMember, holdMember } from "../../store/queries/members.ts";
import { readWholeServer } from "../../store/queries/read-states.ts";
import { serverIdsOf } from "../../store/queries/access.ts";
import { requireStill, serverCommand } from "../access.ts";
import type { Authentication, DomainContext } from "../context.ts";
import { withinJoinBudget } from "../servers/join-budget.ts";
import { announceJoin } from "../servers/join-server.ts";
import { requireOwn } from "./bots.ts";

type Context = Pick<DomainContext, "store" | "bus" | "clock" | "rates" | "presence" | "voice">;

/**
 * Makes the actor's own bot a member of a server that they manage. Throws `not_found` (the server, or a bot of somebody else),
 * `forbidden`, `banned` or `limit_reached`.
 */
export async function addBotToServer(
  context: Context,
  actor: Authentication,
  serverId: number,
  botId: number,
): Promise<void> {
  await withinJoinBudget(context, actor.userId, () => add(context, actor, serverId, botId));
}

/** Resolves with the server as it was shown; null when the bot was in it already. */
async function add(
  context: Context,
  actor: Authentication,
  serverId: number,
  botId: number,
): Promise<ServerState | null> {
  const { store, clock } = context;
  const { isMember } = await serverCommand(context, actor, serverId, "manageGuild");
  if (!isMember) throw noMember();
  await requireOwn(context, actor, botId);
  const now = clock.now();
  const isNew = await store.db.transaction().execute(async (db) => {
    if (!(await holdMember(db, serverId, actor.userId))) throw noMember();
    await requireStill(context, db, actor, { serverId, permission: "manageGuild" });
    if (await isBanned(db, serverId, botId, now)) throw new AppError("banned", "The bot is banned from this server.");
    if ((await serverIdsOf(db, botId)).length >= limits.serversPerUser) {
      throw new AppError("limit_reached", "The bot is in too many servers.");
    }
    if (!(await addMember(db, serverId, botId, now))) return false;
    await readWholeServer(db, botId, serverId);
    await recordAction(db, { serverId, actorId: actor.userId, action: "bot_add", userId: botId, at: now });
    return true;
  });
  return isNew ? announceJoin(context, botId, serverId) : null;
}

function noMember(): AppError {
  return new AppError("forbidden", "Become a member first: a bot is where its owner is.");
}
