import type { ChosenStatus, Status } from "@miscord/protocol";

/** Who is here. */
export interface Presence {
  /** As others see it: `offline` without a connection, and for those who chose to be invisible. */
  statusOf(userId: number): Status;
  /** A person's choice became durable: tells those who share a server with them. */
  statusChosen(user: { id: number; username: string }, status: ChosenStatus): void;
}
