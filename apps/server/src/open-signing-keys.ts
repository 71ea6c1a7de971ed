import type { Clock } from "./clock.ts";
import { every } from "./concurrency/every.ts";
import type { Config } from "./config.ts";
import { readKeyFile, removeKeyFile } from "./data-folder.ts";
import { configuredKey, signedTermMs, StoredSigningKeys, type SigningKeys } from "./domain/accounts/signing-keys.ts";
import type { Store } from "./store/contract.ts";
import { ensureSigningKey, newSigningSecret, signingKeys } from "./store/queries/signing-keys.ts";

const everyMs = 5_000;

type Settings = Pick<Config, "dataDir" | "secretKey" | "accessTokenTtlMs" | "sessionTtlMs" | "legacyTokenTtlMs">;

interface Parts {
  store: Store;
  clock: Clock;
  onError: (error: unknown) => void;
}

/**
 * The keys that sign tokens: SECRET_KEY, or those in the database, read every five seconds. The first start generates
 * one, or takes over the file in which earlier versions kept theirs. Resolves with the keys and the function that stops
 * the reading.
 *
 * @throws StartupError
 */
export async function openSigningKeys(
  settings: Settings,
  { store, clock, onError }: Parts,
): Promise<{ keys: SigningKeys; stop: () => void }> {
  if (settings.secretKey !== undefined) {
    return { keys: configuredKey(new TextEncoder().encode(settings.secretKey)), stop: () => {} };
  }
  await fillDatabase(settings.dataDir, store, clock);
  const keys = await StoredSigningKeys.open({ store, clock, termMs: signedTermMs(settings) });
  return { keys, stop: every(clock, { everyMs, work: () => keys.read(), onError }) };
}

/** The file goes once the database has its key: a second copy would have to be kept as safe. */
async function fillDatabase(folder: string, { db }: Store, clock: Clock): Promise<void> {
  const inFile = await readKeyFile(folder);
  await ensureSigningKey(db, inFile ?? newSigningSecret(), clock.now());
  if (inFile === null) return;
  const stored = await signingKeys(db);
  if (stored.some(({ secret }) => secret === inFile)) await removeKeyFile(folder);
}
