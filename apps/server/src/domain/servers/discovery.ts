import type { DiscoveryPage, DiscoveryQuery, ListingBody, Server, ServerState } from "@miscord/protocol";
import { AppError } from "../../errors.ts";
import { changesOf, recordAction } from "../../store/queries/audit-log.ts";
import { isListed, publicServers } from "../../store/queries/discovery.ts";
import { memberOf } from "../../store/queries/members.ts";
import { changeServerRow, serverById } from "../../store/queries/servers.ts";
import { requireStill, serverCommand } from "../access.ts";
import type { Actor, DomainContext } from "../context.ts";
import { publish } from "../publish.ts";
import { withinJoinBudget } from "./join-budget.ts";
import { announceJoin, enterServer } from "./join-server.ts";
import { serverState } from "./server-state.ts";

type Context = Pick<DomainContext, "store" | "bus" | "clock" | "rates" | "instance">;

/** A page of the instance's public servers, for whoever is logged in. Throws `not_found` where there is none, or `rate_limited`. */
export async function discover(context: Context, { userId }: Actor, query: DiscoveryQuery): Promise<DiscoveryPage> {
  requireDiscovery(context);
  await context.rates.searches.spend(userId);
  return publicServers(context.store.db, userId, { ...query, now: context.clock.now() });
}

/**
 * Joins a public server without an invite; returns its state. Throws `not_found` for servers that are not on the discovery
 * page, and as `joinServer` does.
 */
export async function joinPublicServer(
  context: Context & Pick<DomainContext, "presence" | "voice">,
  actor: Actor,
  serverId: number,
): Promise<ServerState> {
  const { store, clock, rates } = context;
  const { userId } = actor;
  requireDiscovery(context);
  return withinJoinBudget(context, userId, async () => {
    await rates.changes.spend(userId);
    const isNew = await store.db.transaction().execute(async (db) => {
      if (!(await isListed(db, serverId))) throw absent();
      if (await memberOf(db, serverId, userId)) return false;
      await enterServer(db, clock, userId, serverId);
      return true;
    });
    if (isNew) await announceJoin(context, userId, serverId);
    return serverState(context, actor, serverId);
  });
}

/**
 * Puts the server on the discovery page, or takes it off. Throws `not_found`, `forbidden`, `rate_limited`, or `conflict` where
 * an administrator of the instance keeps it off.
 */
export async function changeListing(
  context: Context,
  actor: Actor,
  serverId: number,
  { is_public, description }: ListingBody,
): Promise<Server> {
  const { store, clock } = context;
  await serverCommand(context, actor, serverId, "manageGuild");
  const now = clock.now();
  const server = await store.db.transaction().execute(async (db) => {
    await requireStill(context, db, actor, { serverId, permission: "manageGuild" });
    const before = await serverById(db, serverId);
    if (!before) throw absent();
    // Administrators of the instance manage servers without reading them, and could join what they make public.
    if (is_public && !before.is_public && !(await memberOf(db, serverId, actor.userId))) {
      throw new AppError("forbidden", "Only members make a server public.");
    }
    if (is_public && !before.is_public && before.is_unlisted) {
      throw new AppError("conflict", "The administrators of this instance keep the server off the page.");
    }
    const stays = is_public === before.is_public;
    const changes = changesOf(
      { is_public: before.is_public, description: before.description },
      { is_public, description },
    );
    const record = { serverId, actorId: actor.userId, action: "server_update", at: now } as const;
    if (changes.length > 0) await recordAction(db, { ...record, changes });
    return changeServerRow(db, serverId, { description, ...(!stays && { public_since: is_public ? now : null }) });
  });
  if (!server) throw absent();
  publish(context, `server:${serverId}`, { type: "server_updated", server, actor_id: actor.userId });
  return server;
}

function requireDiscovery({ instance }: Pick<DomainContext, "instance">): void {
  if (instance.values.discovery === "off") throw new AppError("not_found", "This instance has no such page.");
}

function absent(): AppError {
  return new AppError("not_found", "There is no such server.");
}
