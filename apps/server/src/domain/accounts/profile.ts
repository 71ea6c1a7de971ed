import type { Me, ProfileBody } from "@miscord/protocol";
import { AppError } from "../../errors.ts";
import { presentUser } from "../../store/present-message.ts";
import { acquaintancesOf } from "../../store/queries/relationships.ts";
import { changeUser, presentMe, userById } from "../../store/queries/users.ts";
import type { UserRow } from "../../store/schema.ts";
import { serverIdsOf } from "../access.ts";
import type { Actor, DomainContext } from "../context.ts";
import { withOwnEmojis } from "../emojis/own-emojis.ts";
import { replaceOwnPicture, type PictureContext } from "../pictures/replace-own-picture.ts";
import { publish } from "../publish.ts";
import { requireAllowedName } from "../servers/allowed-name.ts";

/** The actor's own account. Throws `unauthorized` when it does not exist. */
export async function me({ store, clock }: Pick<DomainContext, "store" | "clock">, { userId }: Actor): Promise<Me> {
  const user = await userById(store.db, userId);
  if (!user) throw new AppError("unauthorized", "The session has ended.");
  return presentMe(store.db, user, clock.now());
}

/** What others may have on their screen. */
const shownFields: readonly (keyof ProfileBody)[] = [
  "display_name",
  "avatar_color",
  "about",
  "pronouns",
  "banner_color",
];

/** Who are told of a look; more count as further changes. */
const serversPerChange = 20;
const peoplePerChange = 200;

/**
 * Changes the actor's profile. Every change is published to their own connections, one that others may see also to their
 * servers and those who know them. Throws `automod_blocked` for a display name that a server of theirs does not allow, and `rate_limited`.
 */
export async function changeProfile(
  context: Pick<DomainContext, "store" | "bus" | "clock" | "rates" | "automod">,
  actor: Actor,
  change: ProfileBody,
): Promise<Me> {
  const { userId } = actor;
  if (Object.keys(change).length === 0) return me(context, actor);
  await context.rates.changes.spend(userId);
  const isShown = shownFields.some((field) => field in change);
  if (isShown) await spendForLook(context, userId);
  const { display_name: name } = change;
  if (name !== undefined) await requireAllowedName(context, actor, { name, serverId: null });
  if (change.about) change = { ...change, about: await withOwnEmojis(context.store, userId, change.about) };
  const user = await changeUser(context.store.db, userId, columnsOf(change));
  if (!user) return me(context, actor);
  publish(context, `user:${userId}`, { type: "me_updated", user_id: userId });
  if (isShown) await announceLook(context, user);
  return presentMe(context.store.db, user, context.clock.now());
}

/** Gives the actor a picture or a banner, or takes it away. Throws as `replaceOwnPicture`. */
export async function changeOwnPicture(
  context: PictureContext,
  { userId }: Actor,
  { column, bytes }: { column: "picture" | "banner"; bytes: Uint8Array | null },
): Promise<Me> {
  await context.rates.changes.spend(userId);
  await spendForLook(context, userId);
  await replaceOwnPicture(context, { owner: { table: "users", id: userId, column }, userId, bytes });
  const user = await userById(context.store.db, userId);
  if (!user) throw new AppError("unauthorized", "The session has ended.");
  publish(context, `user:${userId}`, { type: "me_updated", user_id: userId });
  await announceLook(context, user);
  return presentMe(context.store.db, user, context.clock.now());
}

/** All members of each server are told, and each acquaintance: who is in many of them changes their look the less often. */
async function spendForLook(context: Pick<DomainContext, "store" | "rates">, userId: number): Promise<void> {
  const { changes } = context.rates;
  const [servers, people] = await Promise.all([
    serverIdsOf(context, userId),
    acquaintancesOf(context.store.db, userId),
  ]);
  const more = Math.floor(servers.length / serversPerChange + people.size / peoplePerChange);
  if (more > 0) await changes.spend(userId, Math.min(more, changes.rate.burst - 1));
}

/** Tells a changed name, picture or profile to those who may have the user on their screen. */
export async function announceLook(context: Pick<DomainContext, "store" | "bus">, row: UserRow): Promise<void> {
  const user = presentUser(row);
  for (const serverId of await serverIdsOf(context, user.id)) {
    publish(context, `server:${serverId}`, { type: "user_updated", server_id: serverId, user });
  }
  for (const otherId of await acquaintancesOf(context.store.db, user.id)) {
    publish(context, `user:${otherId}`, { type: "user_updated", server_id: null, user });
  }
}

function columnsOf({ quiet_hours: hours, link_previews: previews, ...change }: ProfileBody) {
  return {
    ...change,
    ...(hours !== undefined && { quiet_hours: hours && JSON.stringify(hours) }),
    ...(previews !== undefined && { link_previews: previews ? 1 : 0 }),
  };
}
