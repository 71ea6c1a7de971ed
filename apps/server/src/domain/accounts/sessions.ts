import { randomUUID } from "node:crypto";
import type { Credentials, SessionInfo } from "@miscord/protocol";
import { AppError } from "../../errors.ts";
import type { UserRow } from "../../store/schema.ts";
import * as queries from "../../store/queries/sessions.ts";
import { presentMe } from "../../store/queries/users.ts";
import type { DomainContext, Session } from "../context.ts";
import { sendControl } from "../publish.ts";
import { digest, newSecret } from "./secrets.ts";

/** Where somebody logs in from, to recognise it in the list of sessions. */
export interface Device {
  userAgent: string;
  address: string;
}

/** What a login hands out. The tokens travel in cookies; a client that cannot refresh gets none. */
export interface Login {
  credentials: Credentials;
  cookies: { refresh: string; files: string; expiresAt: number } | null;
}

type Context = Pick<DomainContext, "store" | "clock" | "tokens" | "settings">;

/** `web` refreshes a short access token; `legacy` gets one that lives long and can be revoked. */
export async function startSession(
  context: Context,
  user: UserRow,
  kind: "web" | "legacy",
  device: Device,
): Promise<Login> {
  const { store, clock, settings } = context;
  const sessionId = randomUUID();
  const secret = newSecret();
  const now = clock.now();
  const expiresAt = now + (kind === "web" ? settings.sessionTtlMs : settings.legacyTokenTtlMs);
  await queries.insertSession(store.db, {
    id: sessionId,
    user_id: user.id,
    kind,
    refresh_hash: kind === "web" ? digest(secret) : null,
    user_agent: device.userAgent.slice(0, 300),
    address: device.address,
    created_at: now,
    last_used_at: now,
    expires_at: expiresAt,
    revoked_at: null,
  });
  return login(context, user, { sessionId, expiresAt, secret: kind === "web" ? secret : null });
}

/** Tokens for a session as it now stands in the store. */
export async function login(
  { clock, tokens, settings }: Context,
  user: UserRow,
  { sessionId, expiresAt, secret }: { sessionId: string; expiresAt: number; secret: string | null },
): Promise<Login> {
  const now = clock.now();
  const accessExpiresAt = secret === null ? expiresAt : Math.min(expiresAt, now + settings.accessTokenTtlMs);
  const claims = { userId: user.id, sessionId };
  const credentials: Credentials = {
    user: presentMe(user),
    access_token: await tokens.issue("access", { ...claims, expiresAt: accessExpiresAt }),
    token_type: "bearer",
    expires_in: Math.floor((accessExpiresAt - now) / 1_000),
  };
  if (secret === null) return { credentials, cookies: null };
  const files = await tokens.issue("files", { ...claims, expiresAt });
  return { credentials, cookies: { refresh: `${sessionId}.${secret}`, files, expiresAt } };
}

export async function listSessions(
  { store, clock }: Pick<DomainContext, "store" | "clock">,
  { userId, sessionId }: Pick<Session, "userId" | "sessionId">,
): Promise<SessionInfo[]> {
  const rows = await queries.liveSessions(store.db, userId, clock.now());
  return rows.map((row) => ({
    id: row.id,
    created_at: new Date(row.created_at).toISOString(),
    last_used_at: new Date(row.last_used_at).toISOString(),
    user_agent: row.user_agent,
    address: row.address,
    is_current: row.id === sessionId,
  }));
}

type Revoking = Pick<DomainContext, "store" | "clock" | "bus">;

/** One's own; its open sockets end within moments. */
export async function revokeOwnSession(context: Revoking, { userId }: Session, sessionId: string): Promise<void> {
  const own = await queries.liveSessions(context.store.db, userId, context.clock.now());
  if (!own.some((session) => session.id === sessionId)) throw new AppError("not_found", "There is no such session.");
  await revokeSession(context, sessionId);
}

export async function revokeSession(context: Revoking, sessionId: string): Promise<void> {
  const userId = await queries.revokeSession(context.store.db, sessionId, context.clock.now());
  if (userId !== undefined) sendControl(context, `user:${userId}`, { type: "session_revoked", sessionId });
}

/** All but the one that asks, after a change of password. */
export async function revokeOtherSessions(context: Revoking, { userId, sessionId }: Session): Promise<void> {
  const ids = await queries.revokeOtherSessions(context.store.db, userId, sessionId, context.clock.now());
  for (const id of ids) sendControl(context, `user:${userId}`, { type: "session_revoked", sessionId: id });
}
