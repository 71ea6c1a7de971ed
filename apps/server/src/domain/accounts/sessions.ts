import { randomUUID } from "node:crypto";
import type { Credentials, SessionInfo } from "@miscord/protocol";
import { AppError } from "../../errors.ts";
import type { UserRow } from "../../store/schema.ts";
import { programs } from "../../store/webhook-tables.ts";
import * as queries from "../../store/queries/sessions.ts";
import { presentMe, userById } from "../../store/queries/users.ts";
import type { DomainContext, Authentication } from "../context.ts";
import { sendControl } from "../publish.ts";
import { requireAccepted } from "./approval.ts";
import { noticeOfDevice } from "./notices.ts";
import { digest, newSecret } from "./secrets.ts";

/** The device of a login, by which users recognise it in their list of sessions. */
export interface Device {
  userAgent: string;
  address: string;
}

/** The result of a login. `cookies` is null for clients that cannot refresh. `expiresAt` is in milliseconds. */
export interface Login {
  credentials: Credentials;
  cookies: { refresh: string; files: string; expiresAt: number } | null;
}

type Context = Pick<DomainContext, "store" | "clock" | "tokens" | "settings">;

/** Of one account: more are no devices, and lists of them would grow without end. */
const mostSessions = 100;

interface NewSession {
  /** `web` sessions refresh a short-lived access token; `legacy` sessions have one long-lived token. Both are revocable. */
  kind: "web" | "legacy";
  device: Device;
  /** Throws when what was proved is no longer enough. Asked after the session was stored, as the rest is. */
  check?: () => Promise<void>;
  /** When the user proved who they are, in milliseconds; by default now. */
  confirmedAt?: number;
  /** The account was just made, so its device is no news. */
  isFirst?: boolean;
}

/**
 * Starts a session of the user as they were read before the proof was checked. Throws `account_disabled`,
 * `approval_pending`, `approval_refused`, or `invalid_credentials` when the password was replaced meanwhile or the account deleted; and what `check` throws. A device that is new to the
 * account is told of by mail. Of too many sessions those end that were used longest ago; their sockets are closed by `watchRevocations`.
 */
export async function startSession(
  context: Context & Pick<DomainContext, "mail">,
  user: UserRow,
  { kind, device, check, confirmedAt, isFirst = false }: NewSession,
): Promise<Login> {
  const { store, clock, settings } = context;
  // A bot has no password that could be set, and enters with its token only.
  if (user.program !== programs.none) throw new AppError("invalid_credentials", "A program does not log in.");
  const sessionId = randomUUID();
  const secret = newSecret();
  const now = clock.now();
  const expiresAt = now + (kind === "web" ? settings.sessionTtlMs : settings.legacyTokenTtlMs);
  await queries.insertSession(store.db, {
    id: sessionId,
    user_id: user.id,
    kind,
    refresh_hash: kind === "web" ? digest(secret) : null,
    spent_hash: null,
    user_agent: device.userAgent.slice(0, 300),
    address: device.address,
    created_at: now,
    last_used_at: now,
    expires_at: expiresAt,
    revoked_at: null,
    confirmed_at: confirmedAt ?? now,
  });
  // After the session was stored: whoever replaces the password, adds a second factor or disables the account, and then
  // ends the sessions, either finds this one or has been seen here.
  try {
    await refuseChanged(store, user);
    await check?.();
    const session = { id: sessionId, createdAt: now };
    if (!isFirst) await noticeOfDevice(context, { userId: user.id, session, device });
  } catch (refusal) {
    await queries.deleteSession(store.db, sessionId);
    throw refusal;
  }
  await queries.revokeOldSessions(store.db, user.id, mostSessions, now);
  await queries.forgetEndedSessions(store.db, user.id, now);
  return login(context, user, { sessionId, expiresAt, secret: kind === "web" ? secret : null });
}

/** Throws `account_disabled`, `approval_pending` or `approval_refused`. */
export async function requireUsable(db: DomainContext["store"]["db"], user: UserRow): Promise<void> {
  if (user.disabled_at !== null) {
    throw new AppError("account_disabled", "An administrator has disabled this account.");
  }
  await requireAccepted(db, user.id);
}

async function refuseChanged({ db }: DomainContext["store"], user: UserRow): Promise<void> {
  const now = await userById(db, user.id);
  if (now) await requireUsable(db, now);
  if (now?.password_hash === user.password_hash) return;
  throw new AppError("invalid_credentials", "The password was changed meanwhile.");
}

/** Issues the tokens of a stored session. */
export async function login(
  { store, clock, tokens, settings }: Context,
  user: UserRow,
  { sessionId, expiresAt, secret }: { sessionId: string; expiresAt: number; secret: string | null },
): Promise<Login> {
  const now = clock.now();
  const accessExpiresAt = secret === null ? expiresAt : Math.min(expiresAt, now + settings.accessTokenTtlMs);
  const claims = { userId: user.id, sessionId };
  const credentials: Credentials = {
    user: await presentMe(store.db, user, clock.now()),
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
  { userId, sessionId }: Pick<Authentication, "userId" | "sessionId">,
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

/** Revokes a session of the actor; the gateways close its sockets. Throws `not_found`. */
export async function revokeOwnSession(
  context: Revoking,
  { userId }: Authentication,
  sessionId: string,
): Promise<void> {
  const own = await queries.liveSessions(context.store.db, userId, context.clock.now());
  if (!own.some((session) => session.id === sessionId)) throw new AppError("not_found", "There is no such session.");
  await revokeSession(context, sessionId);
}

export async function revokeSession(context: Revoking, sessionId: string): Promise<void> {
  const userId = await queries.revokeSession(context.store.db, sessionId, context.clock.now());
  if (userId !== undefined) sendControl(context, `user:${userId}`, { type: "session_revoked", sessionId });
}

/** Revokes all of the user's sessions but the authenticated one; with `sessionId: null` all of them. */
export async function revokeOtherSessions(
  context: Revoking,
  { userId, sessionId }: { userId: number; sessionId: string | null },
): Promise<void> {
  const ids = await queries.revokeOtherSessions(context.store.db, userId, sessionId ?? "", context.clock.now());
  announceRevoked(context, userId, ids);
}

/** Closes the sockets of these sessions, which are revoked already. */
export function announceRevoked(context: Pick<DomainContext, "bus">, userId: number, ids: readonly string[]): void {
  for (const sessionId of ids) sendControl(context, `user:${userId}`, { type: "session_revoked", sessionId });
}
