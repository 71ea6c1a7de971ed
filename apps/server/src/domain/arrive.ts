import type { ChosenStatus } from "@miscord/protocol";
import { AppError } from "../errors.ts";
import { serverIdsOf } from "../store/queries/access.ts";
import { userOfSession } from "../store/queries/sessions.ts";
import type { DomainContext, Session } from "./context.ts";

export interface Arrival {
  serverIds: number[];
  status: ChosenStatus;
}

/**
 * What a new socket starts from. Asked after it has subscribed to the person's orders: a session that was revoked, or
 * a server that was left, between authentication and subscription would otherwise go unnoticed. Throws `unauthorized`.
 */
export async function arrive(
  { store, clock }: Pick<DomainContext, "store" | "clock">,
  { userId, sessionId }: Pick<Session, "userId" | "sessionId">,
): Promise<Arrival> {
  const [user, serverIds] = await Promise.all([
    userOfSession(store.db, sessionId, clock.now()),
    serverIdsOf(store.db, userId),
  ]);
  if (!user) throw new AppError("unauthorized", "The session has ended.");
  return { serverIds, status: user.status as ChosenStatus };
}
