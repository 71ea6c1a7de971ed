import { authenticate } from "../../domain/accounts/authenticate.ts";
import { arrive } from "../../domain/accounts/load-connection-state.ts";
import type { DomainContext } from "../../domain/context.ts";
import { AppError } from "../../errors.ts";
import type { TokenExpiry } from "./token-expiry.ts";

/** `auth_refresh`: a connection goes on with a fresh token of the same person. Throws `unauthorized`. */
export async function renewToken(context: DomainContext, term: TokenExpiry, token: string): Promise<void> {
  context.rates.requests.spend(term.authentication.userId);
  const authentication = await authenticate(context, token);
  const { userId, sessionId } = term.authentication;
  if (authentication.userId !== userId) throw new AppError("unauthorized", "The token is somebody else's.");
  term.renew(authentication);
  if (authentication.sessionId === sessionId) return;
  // The socket listened for the old session's revocation only, so the new one is checked again. Unless it holds, the
  // socket ends, as it would have had it heard of it.
  try {
    await arrive(context, authentication);
  } catch (error) {
    term.revoked(authentication.sessionId);
    throw error;
  }
}
