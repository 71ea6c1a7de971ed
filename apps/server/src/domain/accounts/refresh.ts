import { timingSafeEqual } from "node:crypto";
import { AppError } from "../../errors.ts";
import type { SessionRow } from "../../store/schema.ts";
import { rotateRefresh, sessionById, userOfSession } from "../../store/queries/sessions.ts";
import type { DomainContext } from "../context.ts";
import { digest, newSecret } from "./secrets.ts";
import { login, revokeSession, type Login } from "./sessions.ts";

type Context = Pick<DomainContext, "store" | "bus" | "clock" | "tokens" | "settings" | "security">;

/**
 * Exchanges a refresh token for a new one and an access token. A token that was already exchanged must have been copied,
 * so its session is revoked for both holders. Throws `unauthorized`.
 */
export async function refresh(context: Context, token: string | undefined, address: string): Promise<Login> {
  const { store, clock, settings } = context;
  const { sessionId, secret } = parse(token);
  const now = clock.now();
  const next = newSecret();
  const expiresAt = now + settings.sessionTtlMs;
  const rotation = { sessionId, from: digest(secret), to: digest(next), address, now, expiresAt };
  if (!(await rotateRefresh(store.db, rotation))) {
    const session = await sessionById(store.db, sessionId);
    if (session && isAlive(session, now)) {
      context.security.record("token_reuse", address);
      await revokeSession(context, sessionId);
    }
    throw ended();
  }
  const user = await userOfSession(store.db, sessionId, now);
  if (!user) throw ended();
  return login(context, user, { sessionId, expiresAt, secret: next });
}

/** Revokes the session of the refresh token, if the token is the session's current one. */
export async function logOut(
  context: Pick<DomainContext, "store" | "bus" | "clock">,
  token: string | undefined,
): Promise<void> {
  if (token === undefined) return;
  const { sessionId, secret } = parse(token);
  const session = await sessionById(context.store.db, sessionId);
  if (session?.refresh_hash && equal(session.refresh_hash, digest(secret))) await revokeSession(context, sessionId);
}

function isAlive(session: SessionRow, now: number): boolean {
  return session.kind === "web" && session.revoked_at === null && session.expires_at > now;
}

function equal(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}

function parse(token: string | undefined): { sessionId: string; secret: string } {
  const [sessionId, secret] = token?.split(".") ?? [];
  if (!sessionId || !secret) throw ended();
  return { sessionId, secret };
}

function ended(): AppError {
  return new AppError("unauthorized", "You are not logged in.");
}
