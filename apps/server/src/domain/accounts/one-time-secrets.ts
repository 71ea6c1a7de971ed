import { insertOneTimeSecret, type OneTimeSecretKind } from "../../store/queries/recovery.ts";
import type { DomainContext } from "../context.ts";
import { digest, newSecret } from "./secrets.ts";

const minuteMs = 60_000;
const lifetimesMs: Readonly<Record<OneTimeSecretKind, number>> = {
  login: 5 * minuteMs,
  passkey: 5 * minuteMs,
  reset: 60 * minuteMs,
  mail_reset: 60 * minuteMs,
  link: 60 * minuteMs,
  email: 24 * 60 * minuteMs,
};

/** What the command line has too. */
export interface SecretContext {
  readonly store: Pick<DomainContext["store"], "db">;
  readonly clock: DomainContext["clock"];
}

/** Creates a secret that works once. Only its digest is stored. `expiresAt` is in milliseconds. */
export async function issueOneTimeSecret(
  { store, clock }: SecretContext,
  kind: OneTimeSecretKind,
  userId: number | null,
): Promise<{ secret: string; expiresAt: number }> {
  const secret = newSecret();
  const expiresAt = clock.now() + lifetimesMs[kind];
  await insertOneTimeSecret(store.db, { digest: digest(secret), kind, user_id: userId, expires_at: expiresAt });
  return { secret, expiresAt };
}
