import { AppError } from "../../errors.ts";
import { userOfSession } from "../../store/queries/sessions.ts";
import { presentUser } from "../../store/present-message.ts";
import type { DomainContext, Session } from "../context.ts";
import type { TokenUse } from "./access-tokens.ts";

/** Checks the token and that its session was not revoked. Throws `unauthorized`. */
export async function authenticate(
  { store, clock, tokens }: Pick<DomainContext, "store" | "clock" | "tokens">,
  token: string,
  use: TokenUse = "access",
): Promise<Session> {
  const { userId, sessionId, expiresAt } = await tokens.verify(use, token);
  const row = await userOfSession(store.db, sessionId, clock.now());
  if (row?.id !== userId) throw new AppError("unauthorized", "The session has ended.");
  return { userId, sessionId, expiresAt, user: presentUser(row), isLegacy: row.session_kind === "legacy" };
}
