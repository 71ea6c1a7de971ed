import { randomUUID } from "node:crypto";
import { limits, type Bot, type BotWithToken, type User } from "@miscord/protocol";
import { foldName } from "@miscord/text";
import type { Kysely } from "kysely";
import { AppError } from "../../errors.ts";
import { presentUser, type AuthorRow } from "../../store/present-message.ts";
import * as queries from "../../store/queries/bots.ts";
import { noteDeletion } from "../../store/queries/deletions.ts";
import { serversOfUsers } from "../../store/queries/members.ts";
import { forgetEndedSessions, insertSession, revokeAllSessions } from "../../store/queries/sessions.ts";
import { insertUser } from "../../store/queries/users.ts";
import type { Tables } from "../../store/schema.ts";
import { programs } from "../../store/webhook-tables.ts";
import { isReserved, skeletonOf } from "../accounts/reserved-names.ts";
import { digest, newSecret } from "../accounts/secrets.ts";
import { announceRevoked } from "../accounts/sessions.ts";
import type { Actor, Authentication, DomainContext } from "../context.ts";
import { requireConfirmed, requireLiveUntilCommit } from "../require-confirmed.ts";

type Context = Pick<DomainContext, "store" | "clock" | "rates" | "bus">;
type Db = Kysely<Tables>;

const avatarColor = "#6c72cb";
/** The session of a token ends with the token, not by time. */
const sessionMs = 100 * 365 * 86_400_000;

export async function listBots({ store }: Context, { userId }: Actor): Promise<Bot[]> {
  const rows = await queries.botsOf(store.db, userId);
  if (rows.length === 0) return [];
  const servers = await serversOfUsers(
    store.db,
    rows.map(({ id }) => id),
  );
  return rows.map((row) => present(row, row.created_at, [...(servers.get(row.id) ?? [])]));
}

/** Throws `username_taken`, `limit_reached`, `confirmation_required` or `rate_limited`. */
export async function createBot(
  context: Context,
  actor: Authentication,
  { username, display_name: displayName = username }: { username: string; display_name?: string | undefined },
): Promise<BotWithToken> {
  const { store, clock, rates } = context;
  await rates.changes.spend(actor.userId);
  await requireConfirmed(context, actor);
  const now = clock.now();
  const token = newSecret();
  await rates.newBots.spend(actor.userId);
  const user = await store.db.transaction().execute(async (db) => {
    await requireLiveUntilCommit(db, actor.sessionId);
    // With those that are being removed: a row for each of them stays for ever.
    if ((await queries.countBots(db, actor.userId)) >= limits.botsPerUser) {
      throw new AppError("limit_reached", `A person has at most ${limits.botsPerUser} bots.`);
    }
    const isFree = !(await isReserved(username));
    const created = isFree ? await insertUser(db, await newUser(username, displayName, now)) : undefined;
    if (!created) throw new AppError("username_taken", "This username is taken.", { details: { field: "username" } });
    const session_id = await openSession(db, created.id, now);
    const bot = { user_id: created.id, owner_id: actor.userId, token_digest: digest(token), session_id };
    await queries.insertBot(db, { ...bot, created_at: now });
    return created;
  });
  return { ...present(user, now, []), token };
}

async function newUser(username: string, displayName: string, now: number) {
  return {
    username,
    username_key: foldName(username),
    username_skeleton: await skeletonOf(username),
    email: "",
    password_hash: "",
    display_name: displayName,
    avatar_color: avatarColor,
    is_admin: 0,
    created_at: now,
    program: programs.bot,
    // Neither requests to be friends nor conversations.
    messages_from: "nobody",
  };
}

/** The former token opens nothing any more, and its connections end. Throws `not_found` for bots of others. */
export async function renewBotToken(context: Context, actor: Authentication, botId: number): Promise<BotWithToken> {
  const { store, clock } = context;
  const bot = await requireOwn(context, actor, botId);
  await requireConfirmed(context, actor);
  const token = newSecret();
  const now = clock.now();
  const revoked = await store.db.transaction().execute(async (db) => {
    await requireLiveUntilCommit(db, actor.sessionId);
    const ended = await revokeAllSessions(db, botId, now);
    await queries.setBotToken(db, botId, {
      token_digest: digest(token),
      session_id: await openSession(db, botId, now),
    });
    return ended;
  });
  announceRevoked(context, botId, revoked);
  return { ...bot, token };
}

/** Ends its connections, and removes its account as that of a person; what it wrote stays, without its name. Throws `not_found`. */
export async function deleteBot(context: Context, actor: Authentication, botId: number): Promise<void> {
  const { store, clock } = context;
  await requireOwn(context, actor, botId);
  const now = clock.now();
  const revoked = await store.db.transaction().execute(async (db) => {
    await noteDeletion(db, botId, { at: now, messages: "keep" });
    return revokeAllSessions(db, botId, now);
  });
  announceRevoked(context, botId, revoked);
}

/** Spends a change. */
export async function requireOwn(context: Context, actor: Actor, botId: number): Promise<Bot> {
  await context.rates.changes.spend(actor.userId);
  const bot = (await listBots(context, actor)).find(({ id }) => id === botId);
  if (!bot) throw new AppError("not_found", "There is no such bot.");
  return bot;
}

/** A session of the bot, which ends with its token. */
export async function openSession(db: Db, userId: number, now: number): Promise<string> {
  const id = randomUUID();
  await forgetEndedSessions(db, userId, now);
  await insertSession(db, {
    id,
    user_id: userId,
    kind: "bot",
    refresh_hash: null,
    spent_hash: null,
    user_agent: "",
    address: "",
    created_at: now,
    last_used_at: now,
    expires_at: now + sessionMs,
    revoked_at: null,
    confirmed_at: 0,
  });
  return id;
}

function present(row: AuthorRow, createdAt: number, serverIds: number[]): Bot {
  const user: User = presentUser(row);
  return { ...user, created_at: new Date(createdAt).toISOString(), server_ids: serverIds };
}
