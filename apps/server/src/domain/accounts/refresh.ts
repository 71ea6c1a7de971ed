import { timingSafeEqual } from "node:crypto";
import { AppError } from "../../errors.ts";
import type { SessionRow } from "../../store/schema.ts";
import { markRepeated, rotateRefresh, sessionById, userOfSession } from "../../store/queries/sessions.ts";
import type { DomainContext } from "../context.ts";
import { digest } from "./secrets.ts";
import { login, revokeSession, type Login } from "./sessions.ts";

type Context = Pick<
  DomainContext,
  "store" | "bus" | "clock" | "tokens" | "refreshSecrets" | "settings" | "security" | "rates"
>;

/** A browser that lost the answer to a refresh repeats it within this time. */
const repeatableMs = 60_000;
/** Refreshes in a row that may be repeated. A thief who follows each refresh of the browser is found out at the next. */
const repeatableInARow = 5;

/** The client address, and as rate limits count it. */
interface From {
  address: string;
  limitKey: string;
}

/**
 * Exchanges a refresh token for a new one and an access token. The token that was exchanged last gives the same new one
 * again for a minute, as its answer may have been lost, but not at every refresh. When it comes later, or once more, it must
 * have been copied, so its session is revoked for both holders. Any other wrong secret changes nothing: a session id is not secret. Throws `unauthorized`, or
 * `rate_limited` after many wrong tokens from one address, or right ones of one user.
 */
export async function refresh(context: Context, token: string | undefined, from: From): Promise<Login> {
  const { store, clock, settings, refreshSecrets, rates } = context;
  const { sessionId, secret } = parse(token);
  const now = clock.now();
  const spent = digest(secret);
  const session = await sessionById(store.db, sessionId);
  if (!session || !isAlive(session, now)) throw await refuse(context, from);
  const next = refreshSecrets.next(sessionId, secret);
  const expiresAt = now + settings.sessionTtlMs;
  const rotation = { sessionId, from: spent, to: digest(next), address: from.address, now, expiresAt };
  const isRight = matches(session.refresh_hash, spent);
  // Of right tokens only: nobody else uses up what the user may ask for.
  if (isRight) await rates.requests.spend(session.user_id);
  const isCurrent = isRight && (await rotateRefresh(store.db, rotation));
  const given = isCurrent ? next : await giveAgain(context, { sessionId, secret }, from);
  const user = await userOfSession(store.db, sessionId, now);
  if (!user) throw ended();
  return login(context, user, { sessionId, expiresAt, secret: given });
}

/** The successor of a spent secret, once more. */
async function giveAgain(
  context: Context,
  { sessionId, secret }: { sessionId: string; secret: string },
  from: From,
): Promise<string> {
  const { store, clock, refreshSecrets } = context;
  // Read again: of two requests with the same token the second finds it spent by the first.
  const latest = await sessionById(store.db, sessionId);
  if (!latest || !matches(latest.spent_hash, digest(secret))) throw await refuse(context, from);
  if (isRecent(latest, clock.now()) && latest.repeated_in_a_row - latest.is_repeated < repeatableInARow) {
    const given = await refreshSecrets.again(sessionId, secret, latest.refresh_hash ?? "");
    // Made with a key that this node does not have, or no longer: says nothing about who asks.
    if (given === undefined) throw ended();
    await markRepeated(store.db, sessionId, digest(secret));
    return given;
  }
  context.security.record("token_reuse", from.address);
  await revokeSession(context, sessionId);
  throw ended();
}

/** Counts a wrong token. The limit comes after the lookup, so that it never refuses others at the address. */
async function refuse({ rates, security }: Context, { address, limitKey }: From): Promise<AppError> {
  security.record("auth_failure", address);
  await rates.refreshFailures.spend(limitKey);
  return ended();
}

/** Revokes the session of the refresh token, if the token is the current one or could still be exchanged for it. */
export async function logOut(
  context: Pick<DomainContext, "store" | "bus" | "clock">,
  token: string | undefined,
): Promise<void> {
  if (token === undefined) return;
  const { sessionId, secret } = parse(token);
  const session = await sessionById(context.store.db, sessionId);
  if (!session) return;
  const isSpent = isRecent(session, context.clock.now()) && matches(session.spent_hash, digest(secret));
  if (isSpent || matches(session.refresh_hash, digest(secret))) await revokeSession(context, sessionId);
}

function isAlive(session: SessionRow, now: number): boolean {
  return session.kind === "web" && session.revoked_at === null && session.expires_at > now;
}

function isRecent({ last_used_at: rotatedAt }: SessionRow, now: number): boolean {
  return now - rotatedAt < repeatableMs;
}

function matches(stored: string | null, hash: string): boolean {
  return stored?.length === hash.length && timingSafeEqual(Buffer.from(stored), Buffer.from(hash));
}

function parse(token: string | undefined): { sessionId: string; secret: string } {
  const [sessionId, secret] = token?.split(".") ?? [];
  if (!sessionId || !secret) throw ended();
  return { sessionId, secret };
}

function ended(): AppError {
  return new AppError("unauthorized", "You are not logged in.");
}
