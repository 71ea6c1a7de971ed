import { limits, type Locale, type ServerState, type ServerTemplate } from "@miscord/protocol";
import type { Kysely } from "kysely";
import { AppError } from "../../errors.ts";
import type { Tables } from "../../store/schema.ts";
import { addMember } from "../../store/queries/members.ts";
import { userById } from "../../store/queries/users.ts";
import { countServersOf, insertServer } from "../../store/queries/servers.ts";
import { requireAdmin } from "../access.ts";
import type { Actor, DomainContext } from "../context.ts";
import { sendControl, publish } from "../publish.ts";
import { fillServer } from "./fill-server.ts";
import { serverState } from "./server-state.ts";
import { templates } from "./templates.ts";

/**
 * Creates a server owned by the actor, with the channels and roles of the template, named in `locale`. Throws
 * `limit_reached`, `rate_limited`, or `forbidden` where only administrators create servers.
 */
export async function createServer(
  context: Pick<DomainContext, "store" | "bus" | "clock" | "voice" | "rates" | "instance">,
  actor: Actor,
  { name, locale, template }: { name: string; locale: Locale; template: ServerTemplate },
): Promise<ServerState> {
  const { store, clock } = context;
  const { userId } = actor;
  await context.rates.changes.spend(userId);
  if (context.instance.values.server_creation === "admins") await requireAdmin(context, actor);
  const now = clock.now();
  const serverId = await store.db.transaction().execute(async (db) => {
    await requireStaying(db, userId);
    await requireRoomFor(db, userId);
    const serverId = await insertServer(db, { name, ownerId: userId, now });
    await addMember(db, serverId, userId, now);
    await fillServer(db, templates[template], { serverId, locale, now });
    return serverId;
  });
  // Sent before anything is awaited, for the reason given at `announceJoin`.
  sendControl(context, `user:${userId}`, { type: "membership_added", userId, serverId });
  const server = await serverState(context, actor, serverId);
  publish(context, `user:${userId}`, { type: "server_joined", server });
  return server;
}

/** Throws `conflict` for an account that is about to be deleted: it would leave the server without an owner. */
export async function requireStaying(db: Kysely<Tables>, userId: number): Promise<void> {
  const user = await userById(db, userId);
  if (user?.deletion_at === null) return;
  throw new AppError("conflict", "Your account is about to be deleted.");
}

/** Throws `limit_reached` when the user is in as many servers as allowed. */
export async function requireRoomFor(db: Kysely<Tables>, userId: number): Promise<void> {
  if ((await countServersOf(db, userId)) < limits.serversPerUser) return;
  throw new AppError("limit_reached", `A person can be in at most ${limits.serversPerUser} servers.`);
}
