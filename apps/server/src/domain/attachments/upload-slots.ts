import { AppError } from "../../errors.ts";

const slotsPerUser = 6;

/** What one upload under way may still write, and whose it is. */
interface Reservation {
  readonly userId: number;
  readonly bytes: number;
}

export interface ReservedBytes {
  readonly total: number;
  readonly ofUser: number;
}

/**
 * The uploads under way. Their bytes count as written from the moment they are announced: otherwise several at once
 * would each find room for itself, and together fill the disk or exceed what one user may keep.
 */
export class UploadSlots {
  readonly #reservations = new Set<Reservation>();

  /**
   * Takes a slot and reserves the bytes until the work ends. The work receives what is reserved including its own, but
   * not what is announced later: of several at once, the first ones find room. Throws `rate_limited` when the user has
   * no slot left.
   */
  async during<Value>(reservation: Reservation, work: (reserved: ReservedBytes) => Promise<Value>): Promise<Value> {
    if (this.#of(reservation.userId).length >= slotsPerUser) {
      throw new AppError("rate_limited", "Too many uploads at once.", { retryAfterMs: 2_000 });
    }
    const own = { ...reservation };
    this.#reservations.add(own);
    try {
      return await work({ total: sum(this.#reservations), ofUser: sum(this.#of(own.userId)) });
    } finally {
      this.#reservations.delete(own);
    }
  }

  #of(userId: number): Reservation[] {
    return [...this.#reservations].filter((reservation) => reservation.userId === userId);
  }
}

function sum(reservations: Iterable<Reservation>): number {
  let bytes = 0;
  for (const reservation of reservations) bytes += reservation.bytes;
  return bytes;
}
