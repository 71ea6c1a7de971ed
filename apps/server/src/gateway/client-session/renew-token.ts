import { authenticate } from "../../domain/accounts/authenticate.ts";
import { requireSession } from "../../domain/accounts/require-session.ts";
import type { DomainContext } from "../../domain/context.ts";
import { AppError } from "../../errors.ts";
import type { TokenExpiry } from "./token-expiry.ts";

/** `auth_refresh`: continues a connection with a new access token of the same user. @throws AppError `unauthorized` */
export async function renewToken(context: DomainContext, expiry: TokenExpiry, token: string): Promise<void> {
  await context.rates.requests.spend(expiry.authentication.userId);
  const authentication = await authenticate(context, token);
  const { userId, sessionId } = expiry.authentication;
  if (authentication.userId !== userId) throw new AppError("unauthorized", "The token is somebody else's.");
  expiry.renew(authentication);
  if (authentication.sessionId === sessionId) return;
  // Until now only a revocation of the old session would have closed the connection. The new session may have been
  // revoked since `authenticate`, so it is checked again; if it has ended, the connection closes.
  try {
    await requireSession(context, authentication);
  } catch (error) {
    expiry.revoked(authentication.sessionId);
    throw error;
  }
}
