import { foldName } from "@miscord/text";
import { AppError } from "../../errors.ts";
import { userByKey } from "../../store/queries/users.ts";
import type { DomainContext } from "../context.ts";
import { countAttempt } from "./password-attempts.ts";
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
 * wrong, so that neither answer nor timing shows which accounts exist; `rate_limited` or `unavailable` under load.
 */
export async function logIn(
  context: Pick<DomainContext, "store" | "clock" | "tokens" | "settings" | "rates" | "passwords">,
  { username, password, kind, device, limitKey }: LoginInput,
): Promise<Login> {
  const { rates, passwords, store } = context;
  const key = foldName(username);
  await rates.logins.spend(limitKey);
  const refund = await countAttempt(rates, key, limitKey);
  const user = await userByKey(store.db, key);
  const isRight = await passwords.verify(password, user?.password_hash ?? null);
  if (!user || !isRight) throw new AppError("invalid_credentials", "The username or the password is wrong.");
  refund();
  return startSession(context, user, kind, device);
}
