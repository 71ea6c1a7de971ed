import type { ChosenStatus } from "@miscord/protocol";
import { AppError } from "../../errors.ts";
import { arrivalOf } from "../../store/queries/sessions.ts";
import type { DomainContext, Session } from "../context.ts";

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
  { sessionId }: Pick<Session, "sessionId">,
): Promise<Arrival> {
  const arrival = await arrivalOf(store.db, sessionId, clock.now());
  if (!arrival) throw new AppError("unauthorized", "The session has ended.");
  return { serverIds: arrival.serverIds, status: arrival.status as ChosenStatus };
}
