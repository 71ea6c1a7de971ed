import type { Credentials } from "@miscord/protocol";
import { AppError } from "../../errors.ts";
import { botByToken, setBotToken, type TokenBot } from "../../store/queries/bots.ts";
import { userOfSession } from "../../store/queries/sessions.ts";
import { holdUsers } from "../../store/queries/users.ts";
import { digest } from "../accounts/secrets.ts";
import { login } from "../accounts/sessions.ts";
import type { DomainContext } from "../context.ts";
import { openSession } from "./bots.ts";

type Context = Pick<DomainContext, "store" | "clock" | "tokens" | "settings" | "rates" | "security">;

/**
 * An access token for the bot with this token, as often as it asks. Throws `unauthorized` for a wrong token, and while the
 * bot's owner is disabled or about to be deleted; `rate_limited` after many wrong ones from one address.
 */
export async function enterAsBot(
  context: Context,
  token: string,
  from: { address: string; limitKey: string },
): Promise<Credentials> {
  const { store, rates, security } = context;
  const bot = await botByToken(store.db, digest(token));
  if (!bot) {
    security.record("auth_failure", from.address);
    await rates.refreshFailures.spend(from.limitKey);
    throw unknown();
  }
  await rates.requests.spend(bot.id);
  const sessionId = await sessionOf(context, bot, digest(token));
  const expiresAt = context.clock.now() + context.settings.accessTokenTtlMs;
  const { credentials } = await login(context, bot, { sessionId, expiresAt, secret: null });
  return credentials;
}

/** The token's session; another one in place of one that was ended, as it is while the bot or its owner is disabled. */
async function sessionOf({ store, clock }: Context, bot: TokenBot, tokenDigest: string): Promise<string> {
  const now = clock.now();
  if (await userOfSession(store.db, bot.session_id, now)) return bot.session_id;
  return store.db.transaction().execute(async (db) => {
    // Whoever disables one of them ends the sessions afterwards: either finds this one, or has disabled them before it.
    await holdUsers(db, [bot.id, bot.owner_id]);
    const present = await botByToken(db, tokenDigest);
    if (!present) throw unknown();
    if (await userOfSession(db, present.session_id, now)) return present.session_id;
    const sessionId = await openSession(db, bot.id, now);
    await setBotToken(db, bot.id, { token_digest: tokenDigest, session_id: sessionId });
    return sessionId;
  });
}

const unknown = () => new AppError("unauthorized", "This is the token of no bot.");
