import { foldName } from "@miscord/text";
import type { Config } from "../config.ts";
import { OperatorError } from "../errors.ts";
import { claimPlaceholder, discordAuthorsNamed } from "../store/queries/discord.ts";
import { userByKey } from "../store/queries/users.ts";
import { requestRebuild } from "../store/search/state.ts";
import { programs } from "../store/webhook-tables.ts";
import { withStore } from "./open-store.ts";

/**
 * Gives the imported messages of an author of Discord, named by name or id there, to somebody here. Works beside a running
 * server; open windows show it when they load the messages again. @throws OperatorError
 */
export function claimAuthor(config: Config, author: string, username: string): Promise<string> {
  return withStore(config, async ({ db, search }) => {
    const user = await userByKey(db, foldName(username));
    if (user?.program !== programs.none) throw new OperatorError(`There is no user ${username}.`);
    const found = await discordAuthorsNamed(db, author);
    if (found.length > 1) {
      const ids = found.map((one) => one.discord_id).join(", ");
      throw new OperatorError(`There are several authors of that name. Name one by the id: ${ids}.`);
    }
    const [one] = found;
    if (!one) throw new OperatorError(`No author ${author} was imported.`);
    if (one.program !== programs.placeholder) throw new OperatorError(`${one.username} has the messages of ${author}.`);
    const count = await db.transaction().execute((trx) => claimPlaceholder(trx, one.id, user.id));
    // The index knows messages by their author.
    await requestRebuild(search);
    return `${user.username} has the ${count} messages of ${author} now, and those that are imported later.`;
  });
}
