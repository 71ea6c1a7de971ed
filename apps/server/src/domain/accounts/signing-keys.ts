import { createHmac } from "node:crypto";
import type { Clock } from "../../clock.ts";
import type { Store } from "../../store/contract.ts";
import { signingKeys } from "../../store/queries/signing-keys.ts";
import type { SigningKeyRow } from "../../store/schema.ts";
import type { DomainSettings } from "../settings.ts";

/** A key that signs tokens and file links. The same object for as long as the key is known. */
export interface SigningKey {
  /** Random and public: what is signed names its key. */
  readonly id: string;
  readonly secret: Uint8Array;
}

/** The keys of the instance, which are the same on all nodes. */
export interface SigningKeys {
  /** Signs what is issued now. */
  readonly current: SigningKey;
  /**
   * The key with this id, unless it is unknown or everything that it signed has expired. Without an id, as in tokens from
   * before keys had ids, all keys. An unknown id may be that of a key that another node has made since: the keys are then
   * read anew, once a second at most for all callers together. Rejects when the database fails.
   */
  find(id: string | undefined): Promise<readonly SigningKey[]>;
}

const idPattern = /^[\w-]{8}$/;
const readAgainMs = 1_000;
/** Unknown ids that are remembered. */
const missedAtMost = 1_000;
const hourMs = 3_600_000;

/** The longest that anything signed is valid, in milliseconds. File links are valid until the next full hour. */
export function signedTermMs(settings: Pick<DomainSettings, "accessTokenTtlMs" | "sessionTtlMs" | "legacyTokenTtlMs">) {
  return Math.max(settings.accessTokenTtlMs, settings.sessionTtlMs, settings.legacyTokenTtlMs + hourMs);
}

/** One key that is configured, and never changes while the node runs. */
export function configuredKey(secret: Uint8Array): SigningKeys {
  const id = createHmac("sha256", secret).update("miscord key id").digest("base64url").slice(0, 8);
  const key: SigningKey = { id, secret };
  return { current: key, find: (wanted) => Promise.resolve(wanted === undefined || wanted === id ? [key] : []) };
}

interface KnownKey extends SigningKey {
  /** Nothing that it signed is valid after this time. */
  readonly validUntil: number;
}

interface Options {
  store: Pick<Store, "db">;
  clock: Clock;
  /** See `signedTermMs`. */
  termMs: number;
}

/** The keys in the database. A key signs until the next one was made, and verifies for `termMs` after that. */
export class StoredSigningKeys implements SigningKeys {
  readonly #options: Options;
  #keys: readonly KnownKey[];
  #readAt: number;
  #reading: Promise<void> | undefined;
  /** Ids that were not found, and when: whoever asks again in the next moment has waited already. */
  readonly #missed = new Map<string, number>();

  private constructor(options: Options, rows: readonly SigningKeyRow[]) {
    this.#options = options;
    this.#readAt = options.clock.monotonic();
    this.#keys = this.#toKeys(rows, []);
  }

  /** The database must hold a key. */
  static async open(options: Options): Promise<StoredSigningKeys> {
    return new StoredSigningKeys(options, await signingKeys(options.store.db));
  }

  get current(): SigningKey {
    return this.#keys[0]!;
  }

  async find(id: string | undefined): Promise<readonly SigningKey[]> {
    if (id !== undefined && !idPattern.test(id)) return [];
    if (id === undefined || this.#keys.some((key) => key.id === id)) return this.#valid(id);
    if (this.#clock.monotonic() - (this.#missed.get(id) ?? -Infinity) < readAgainMs) return [];
    await this.#readSoon();
    const found = this.#valid(id);
    if (found.length === 0) this.#miss(id);
    return found;
  }

  #miss(id: string): void {
    this.#missed.delete(id);
    this.#missed.set(id, this.#clock.monotonic());
    if (this.#missed.size > missedAtMost) this.#missed.delete(this.#missed.keys().next().value!);
  }

  get #clock(): Clock {
    return this.#options.clock;
  }

  /** Reads the keys that other nodes and the command line have made and deleted. */
  async read(): Promise<void> {
    this.#readAt = this.#options.clock.monotonic();
    const rows = await signingKeys(this.#options.store.db);
    if (rows.length > 0) this.#keys = this.#toKeys(rows, this.#keys);
  }

  #valid(id: string | undefined): SigningKey[] {
    const now = this.#options.clock.now();
    return this.#keys.filter((key) => (id === undefined || key.id === id) && key.validUntil > now);
  }

  #readSoon(): Promise<void> {
    return (this.#reading ??= this.#readInTurn().finally(() => (this.#reading = undefined)));
  }

  /** Waits instead of refusing: forged tokens could otherwise keep the new key of another node from being accepted. */
  async #readInTurn(): Promise<void> {
    const { clock } = this.#options;
    const waitMs = this.#readAt + readAgainMs - clock.monotonic();
    if (waitMs > 0) await new Promise<void>((resolve) => clock.setTimeout(resolve, waitMs));
    await this.read();
  }

  /** The newest first. Each key is valid for a term after its successor was made. */
  #toKeys(rows: readonly SigningKeyRow[], known: readonly KnownKey[]): KnownKey[] {
    return rows.map(({ id, secret }, index) => {
      const successor = rows[index - 1];
      const validUntil = successor ? successor.created_at + this.#options.termMs : Infinity;
      const same = known.find((key) => key.id === id && key.validUntil === validUntil);
      return same ?? { id, secret: Buffer.from(secret, "base64url"), validUntil };
    });
  }
}
