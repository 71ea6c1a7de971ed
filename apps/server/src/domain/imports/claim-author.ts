import type { ImportAuthorBody, ImportClaim, ImportClaimRefusal } from "@miscord/protocol";
import { foldName } from "@miscord/text";
import type { Kysely } from "kysely";
import { AppError } from "../../errors.ts";
import { settleClaims } from "../../store/queries/author-claims.ts";
import { claimPlaceholder } from "../../store/queries/claim-placeholder.ts";
import { discordAuthorsNamed, isUnclaimed } from "../../store/queries/discord.ts";
import { recordInInstance } from "../../store/queries/instance.ts";
import { holdUsers, userByKey } from "../../store/queries/users.ts";
import type { Tables } from "../../store/schema.ts";
import { programs } from "../../store/webhook-tables.ts";
import type { Actor, DomainContext } from "../context.ts";
import { requireAdminCommand } from "../instance/settings.ts";
import { announceClaims, type Settled } from "./announce-imports.ts";
import { giveAndTell } from "./give-written.ts";

/**
 * Gives what an author of Discord wrote to an account here, for administrators. It cannot be undone. Throws `forbidden`,
 * `rate_limited`, and what `claimAuthor` throws.
 */
export async function claimAsAdmin(
  context: Pick<DomainContext, "store" | "bus" | "clock" | "rates" | "cluster">,
  actor: Actor,
  { author, username }: ImportAuthorBody,
): Promise<ImportClaim> {
  const { store, clock } = context;
  await requireAdminCommand(context, actor);
  const { settled, placeholderId, ...claimed } = await claimAuthor(store.db, author, username, clock.now());
  const changes = [{ field: "name", before: null, after: author }];
  await recordInInstance(store.db, {
    actorId: actor.userId,
    action: "import_claim",
    userId: claimed.userId,
    changes,
    at: clock.now(),
  });
  await giveAndTell(context, { from: placeholderId, to: claimed.userId });
  await announceClaims(context, { actorId: actor.userId, settled });
  return { username: claimed.username, messages: claimed.messages };
}

/**
 * Makes somebody here the author of Discord that is named by name or id there. What that author wrote is given after it:
 * `giveWritten`. Throws `not_found`, or `conflict`: several authors have the name, or somebody has the messages.
 */
export async function claimAuthor(
  db: Kysely<Tables>,
  author: string,
  username: string,
  at: number,
): Promise<ImportClaim & Given & { userId: number; placeholderId: number }> {
  const user = await userByKey(db, foldName(username));
  if (user?.program !== programs.none) throw refused("no_user", `There is no user ${username}.`);
  const found = await discordAuthorsNamed(db, author);
  if (found.length > 1) {
    const ids = found.map((one) => one.discord_id).join(", ");
    throw refused("several_authors", `There are several authors of that name. Name one by the id: ${ids}.`, ids);
  }
  const [one] = found;
  if (!one) throw refused("no_author", `No author ${author} was imported.`);
  if (one.program !== programs.placeholder) {
    throw refused("claimed", `${one.username} has the messages of ${author}.`, one.username);
  }
  const given = await db.transaction().execute((trx) => makeAuthor(trx, { from: one.id, to: user.id, at }));
  return { userId: user.id, placeholderId: one.id, username: user.username, ...given };
}

export interface Given {
  /** How many there are to give. */
  messages: number;
  settled: Settled;
}

/**
 * Makes the user the author for whom the placeholder stands, and answers everybody who said to be this author. Throws `conflict` when
 * somebody is. Must run inside a transaction, after which what the placeholder wrote is to be given.
 */
export async function makeAuthor(
  db: Kysely<Tables>,
  { from, to, at }: { from: number; to: number; at: number },
): Promise<Given> {
  await holdUsers(db, [from, to]);
  if (!(await isUnclaimed(db, from)))
    throw new AppError("conflict", "Somebody has the messages of this author already.");
  const messages = await claimPlaceholder(db, from, to);
  return { messages, settled: await settleClaims(db, { placeholderId: from, userId: to, at }) };
}

/** `names`: the ids to choose from, or who has the messages. */
function refused(reason: ImportClaimRefusal, message: string, names?: string): AppError {
  const code = reason === "no_user" || reason === "no_author" ? "not_found" : "conflict";
  return new AppError(code, message, { details: { reason, ...(names !== undefined && { names }) } });
}
