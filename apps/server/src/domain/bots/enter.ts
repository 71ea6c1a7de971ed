import type { Credentials } from "@miscord/protocol";
import { AppError } from "../../errors.ts";
import { botByToken } from "../../store/queries/bots.ts";
import { digest } from "../accounts/secrets.ts";
import { login } from "../accounts/sessions.ts";
import type { DomainContext } from "../context.ts";

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
    throw new AppError("unauthorized", "This is the token of no bot.");
  }
  await rates.requests.spend(bot.id);
  const expiresAt = context.clock.now() + context.settings.accessTokenTtlMs;
  const { credentials } = await login(context, bot, { sessionId: bot.session_id, expiresAt, secret: null });
  return credentials;
}
