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
  /** What attempts from one place are counted by. */
  limitKey: string;
}

/** The same answer after the same work, whether the account exists or the password is wrong. */
export async function logIn(
  context: Pick<DomainContext, "store" | "clock" | "tokens" | "settings" | "rates" | "passwords">,
  { username, password, kind, device, limitKey }: LoginInput,
): Promise<Login> {
  const { rates, passwords, store } = context;
  const key = foldName(username);
  rates.logins.spend(limitKey);
  const takeBack = countAttempt(rates, key, limitKey);
  const user = await userByKey(store.db, key);
  const isRight = await passwords.verify(password, user?.password_hash ?? null);
  if (!user || !isRight) throw new AppError("invalid_credentials", "The username or the password is wrong.");
  takeBack();
  return startSession(context, user, kind, device);
}
