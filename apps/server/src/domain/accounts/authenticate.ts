import { AppError } from "../../errors.ts";
import { userOfSession } from "../../store/queries/sessions.ts";
import { presentUser } from "../../store/present-message.ts";
import type { DomainContext, Authentication } from "../context.ts";
import type { TokenUse } from "./access-tokens.ts";

/** Verifies the token and that its session has not ended. Throws `unauthorized`. */
export async function authenticate(
  { store, clock, tokens }: Pick<DomainContext, "store" | "clock" | "tokens">,
  token: string,
  use: TokenUse = "access",
): Promise<Authentication> {
  const { userId, sessionId, expiresAt } = await tokens.verify(use, token);
  const row = await userOfSession(store.db, sessionId, clock.now());
  if (row?.id !== userId) throw new AppError("unauthorized", "The session has ended.");
  return { userId, sessionId, expiresAt, user: presentUser(row), isLegacy: row.session_kind === "legacy" };
}
