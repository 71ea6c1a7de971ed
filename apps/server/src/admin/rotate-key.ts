import type { Config } from "../config.ts";
import { signedTermMs } from "../domain/accounts/signing-keys.ts";
import { OperatorError } from "../errors.ts";
import { rotateSigningKey } from "../store/queries/signing-keys.ts";
import { isUniqueViolation } from "../store/sql-dialect.ts";
import { withStore } from "./open-store.ts";

const dayMs = 24 * 3_600_000;

/**
 * Makes a new key for tokens, which all nodes use within seconds. What the keys before it signed stays valid until it
 * expires; with `revoke` it is not valid any more.
 *
 * @throws OperatorError
 */
export async function rotateKey(config: Config, { revoke }: { revoke: boolean }): Promise<string> {
  if (config.secretKey !== undefined) {
    throw new OperatorError("SECRET_KEY is set: give all nodes another one and restart them, or remove the setting.");
  }
  await withStore(config, ({ db }) =>
    db.transaction().execute((trx) => rotateSigningKey(trx, { now: Date.now(), revoke })),
  ).catch((error: unknown) => {
    if (!isUniqueViolation(error)) throw error;
    throw new OperatorError("Another rotation ran at the same time. There is a new key.", { cause: error });
  });
  if (revoke) {
    return "There is a new key, and the old ones are deleted. Web clients renew their tokens; clients of version 1 log in again.";
  }
  const days = Math.ceil(signedTermMs(config) / dayMs);
  return `There is a new key. What the old one signed stays valid until it expires, ${days} days at most.`;
}
