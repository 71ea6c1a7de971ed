import type { ImportAuthorBody, ImportClaim, ImportClaimRefusal } from "@miscord/protocol";
import { foldName } from "@miscord/text";
import { AppError } from "../../errors.ts";
import type { Store } from "../../store/contract.ts";
import { claimAuthorOf, discordAuthorsNamed, movePlaceholder, placeholderOf } from "../../store/queries/discord.ts";
import { recordInInstance } from "../../store/queries/instance.ts";
import { userByKey } from "../../store/queries/users.ts";
import { requestRebuild } from "../../store/search/state.ts";
import { programs } from "../../store/webhook-tables.ts";
import type { Actor, DomainContext } from "../context.ts";
import { requireAdminCommand } from "../instance/settings.ts";

/**
 * Gives what an author of Discord wrote to an account here, for administrators. It cannot be undone. Throws `forbidden`,
 * `rate_limited`, and what `claimAuthor` throws.
 */
export async function claimAsAdmin(
  context: Pick<DomainContext, "store" | "clock" | "rates">,
  actor: Actor,
  { author, username }: ImportAuthorBody,
): Promise<ImportClaim> {
  const { store, clock } = context;
  await requireAdminCommand(context, actor);
  const claimed = await claimAuthor(store, author, username);
  const changes = [{ field: "name", before: null, after: author }];
  await recordInInstance(store.db, {
    actorId: actor.userId,
    action: "import_claim",
    userId: claimed.userId,
    changes,
    at: clock.now(),
  });
  return { username: claimed.username, messages: claimed.messages };
}

/**
 * Gives the imported messages of an author of Discord, named by name or id there, to somebody here; open windows show it when
 * they load the messages again. Throws `not_found`, or `conflict`: several authors have the name, or somebody has the messages.
 */
export async function claimAuthor(
  { db, search }: Pick<Store, "db" | "search">,
  author: string,
  username: string,
): Promise<ImportClaim & { userId: number }> {
  const user = await userByKey(db, foldName(username));
  if (user?.program !== programs.none) throw refused("no_user", `There is no user ${username}.`);
  const found = await discordAuthorsNamed(db, author);
  if (found.length > 1) {
    const ids = found.map((one) => one.discord_id).join(", ");
    throw refused("several_authors", `There are several authors of that name. Name one by the id: ${ids}.`, ids);
  }
  const [one] = found;
  if (!one) throw refused("no_author", `No author ${author} was imported.`);
  const isFree = one.program === programs.placeholder;
  const placeholderId = isFree ? one.id : await placeholderOf(db, one.discord_id);
  const isTheirs = one.id === user.id || (isFree && (await claimAuthorOf(db, one.id, user.id)));
  const messages = isTheirs && placeholderId !== undefined ? await movePlaceholder(db, placeholderId, user.id) : 0;
  // Of the same person: an earlier claim came to no end.
  if (!isTheirs || (one.id === user.id && messages === 0)) {
    throw refused("claimed", `${one.username} has the messages of ${author}.`, one.username);
  }
  // The index knows messages by their author.
  await requestRebuild(search);
  return { userId: user.id, username: user.username, messages };
}

/** `names`: the ids to choose from, or who has the messages. */
function refused(reason: ImportClaimRefusal, message: string, names?: string): AppError {
  const code = reason === "no_user" || reason === "no_author" ? "not_found" : "conflict";
  return new AppError(code, message, { details: { reason, ...(names !== undefined && { names }) } });
}
