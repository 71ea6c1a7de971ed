import type { Config } from "../config.ts";
import { claimAuthor as claim } from "../domain/imports/claim-author.ts";
import { AppError, OperatorError } from "../errors.ts";
import { withStore } from "./open-store.ts";

/** Gives the imported messages of an author of Discord to somebody here, beside a running server, too. @throws OperatorError */
export function claimAuthor(config: Config, author: string, username: string): Promise<string> {
  return withStore(config, async (store) => {
    const { username: name, messages } = await claim(store, author, username).catch((error: unknown) => {
      throw error instanceof AppError ? new OperatorError(error.message) : error;
    });
    return `${name} has the ${messages} messages of ${author} now, and those that are imported later.`;
  });
}
