import type { DomainContext } from "../context.ts";

/**
 * Rejects with `rate_limited` unless the sender may now notify the receiver, who need not know the sender. Everything that
 * reaches somebody from outside their servers asks here, so that one place holds the limits: by sender, by receiver
 * from all senders together, and by both.
 */
export async function requireReachable(
  { rates }: Pick<DomainContext, "rates">,
  senderId: number,
  receiverId: number,
): Promise<void> {
  await rates.invitations.spend(senderId);
  await rates.invitationsToOne.spend(`${senderId} ${receiverId}`);
  await rates.invitationsReceived.spend(receiverId);
}
