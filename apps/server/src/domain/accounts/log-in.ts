import { foldName } from "@miscord/text";
import type { PasskeyAnswer } from "@miscord/protocol";
import { AppError } from "../../errors.ts";
import { takeOneTimeSecret } from "../../store/queries/recovery.ts";
import { passkeyById } from "../../store/queries/second-factors.ts";
import { replacePassword, userById, userByKey } from "../../store/queries/users.ts";
import type { UserRow } from "../../store/schema.ts";
import type { DomainContext } from "../context.ts";
import { requirePasswordLogin } from "./password-login.ts";
import { isOutdated } from "./passwords.ts";
import { countAttempt } from "./password-attempts.ts";
import { verifyPasskey, type RelyingParty } from "./passkeys.ts";
import { digest } from "./secrets.ts";
import { requireSecondStep } from "./second-factor.ts";
import { startSession, type Device, type Login } from "./sessions.ts";

export interface LoginInput {
  username: string;
  password: string;
  kind: "web" | "legacy";
  device: Device;
  /** The client address as rate limits count it. */
  limitKey: string;
}

/**
 * Starts a session. Throws `invalid_credentials` after the same work whether the account is missing or the password is
 * wrong, so that neither answer nor timing shows which accounts exist; `second_factor_required`; `rate_limited` or
 * `unavailable` under load.
 */
export async function logIn(
  context: Pick<DomainContext, "store" | "clock" | "tokens" | "settings" | "rates" | "passwords" | "mail">,
  { username, password, kind, device, limitKey }: LoginInput,
): Promise<Login> {
  const { rates, passwords, store } = context;
  const key = foldName(username);
  requirePasswordLogin(context);
  await rates.logins.spend(limitKey);
  const refund = await countAttempt(rates, key, limitKey);
  const user = await userByKey(store.db, key);
  const isRight = await passwords.verify(password, user?.password_hash ?? null);
  if (!user || !isRight) throw new AppError("invalid_credentials", "The username or the password is wrong.");
  refund();
  const current = isOutdated(user.password_hash) ? await hashAnew(context, user, password) : user;
  const check = () => requireSecondStep(context, current, kind);
  await check();
  return startSession(context, current, { kind, device, check });
}

/**
 * Returns the user with the new hash, also when another login stored one meanwhile; unless the password was changed, which a session
 * then refuses.
 */
async function hashAnew(
  { store, passwords }: Pick<DomainContext, "store" | "passwords">,
  user: UserRow,
  password: string,
): Promise<UserRow> {
  const change = { password_hash: await passwords.hash(password) };
  const isReplaced = await replacePassword(store.db, user.id, change, user.password_hash);
  if (isReplaced) return { ...user, ...change };
  const present = await userById(store.db, user.id);
  return present && (await passwords.verify(password, present.password_hash)) ? present : user;
}

/**
 * Starts a session with a passkey alone, which is two factors in one. Not with one from before the password was recovered:
 * somebody else may have added it, who then must not stay in; it remains a second step. Throws `invalid_credentials` or `rate_limited`.
 */
export async function logInWithPasskey(
  context: Pick<DomainContext, "store" | "clock" | "tokens" | "settings" | "rates" | "mail">,
  {
    passkey,
    party,
    device,
    limitKey,
  }: { passkey: PasskeyAnswer; party: RelyingParty | null; device: Device; limitKey: string },
): Promise<Login> {
  await context.rates.logins.spend(limitKey);
  const userId = await verifyPasskey(context, passkey, party, { isOnlyFactor: true });
  const user = await userById(context.store.db, userId);
  if (!user) throw refused();
  const check = async () => {
    const row = await passkeyById(context.store.db, passkey.id);
    if (!row || row.created_at <= (user.recovered_at ?? 0)) throw refused();
  };
  await check();
  return startSession(context, user, { kind: "web", device, check });
}

/**
 * Starts a session with a link that the operator made at the command line; a second factor is asked for as always. Throws
 * `invalid_credentials`, `second_factor_required` or `rate_limited`.
 */
export async function logInByLink(
  context: Pick<DomainContext, "store" | "clock" | "tokens" | "settings" | "rates" | "mail">,
  { link, device, limitKey }: { link: string; device: Device; limitKey: string },
): Promise<Login> {
  const { store, clock, rates } = context;
  await rates.logins.spend(limitKey);
  const row = await takeOneTimeSecret(store.db, { digest: digest(link), kind: "link", now: clock.now() });
  const user = row?.user_id == null ? undefined : await userById(store.db, row.user_id);
  if (!user) throw new AppError("invalid_credentials", "This link is not valid, has expired or was used.");
  const check = () => requireSecondStep(context, user, "web");
  await check();
  return startSession(context, user, { kind: "web", device, check });
}

function refused(): AppError {
  return new AppError("invalid_credentials", "The passkey was not accepted.");
}
