import type { Store } from "../store/contract.ts";
import { putClaim } from "../store/queries/author-claims.ts";
import { insertPlaceholder } from "../store/queries/discord.ts";

/** The user says to be an author of Discord. */
export async function askForAuthor({ db }: Store, userId: number, serverId: number): Promise<void> {
  const author = { discordId: `author-of-${userId}`, name: "author", displayName: "Author", color: "#123456", now: 1 };
  const placeholderId = await db.transaction().execute((trx) => insertPlaceholder(trx, author));
  const claim = { user_id: userId, placeholder_id: placeholderId, server_id: serverId, created_at: 1 };
  await putClaim(db, claim);
}
