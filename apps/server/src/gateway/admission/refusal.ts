import { closeCodes } from "@miscord/protocol";

/** Why a connection is turned away: the close code and the reason sent to the client. */
export interface Refusal {
  readonly closeCode: number;
  readonly reason: string;
}

/** The refusal of an instance that is full, stopping or failing: the client may try again later. */
export function tryAgainLater(reason: string): Refusal {
  return { closeCode: closeCodes.tryAgainLater, reason };
}
