import type { Config } from "../config.ts";
import { claimAuthor as claim } from "../domain/imports/claim-author.ts";
import { giveWritten } from "../domain/imports/give-written.ts";
import { AppError, OperatorError } from "../errors.ts";
import { withStore } from "./open-store.ts";

/** Gives the imported messages of an author of Discord to somebody here, beside a running server, too. @throws OperatorError */
export function claimAuthor(config: Config, author: string, username: string): Promise<string> {
  return withStore(config, async (store) => {
    const claimed = await claim(store.db, author, username, Date.now()).catch((error: unknown) => {
      throw error instanceof AppError ? new OperatorError(error.message) : error;
    });
    const { username: name, messages, placeholderId, userId } = claimed;
    const given = (_channelIds: unknown, ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
    await giveWritten(store, { from: placeholderId, to: userId }, { given });
    return `${name} has the ${messages} messages of ${author} now, and those that are imported later.`;
  });
}
