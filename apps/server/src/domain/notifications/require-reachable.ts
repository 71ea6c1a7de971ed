import type { DomainContext } from "../context.ts";

/**
 * Throws `rate_limited` unless the sender may now notify the receiver, who need not know the sender. Everything that
 * reaches somebody from outside their servers asks here, so that one place holds the limits: by sender, by receiver
 * from all senders together, and by both.
 */
export function requireReachable({ rates }: Pick<DomainContext, "rates">, senderId: number, receiverId: number): void {
  rates.invitations.spend(senderId);
  rates.invitationsToOne.spend(`${senderId} ${receiverId}`);
  rates.invitationsReceived.spend(receiverId);
}
