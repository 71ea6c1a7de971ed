import { AppError } from "../../errors.ts";

const slotsPerUser = 6;

/** Bounds the concurrent uploads of one user, and so by how much these can exceed the quota. */
export class UploadSlots {
  readonly #taken = new Map<number, number>();

  /** Runs `work` in one of the user's slots. Throws `rate_limited` when all are taken. */
  async during<Value>(userId: number, work: () => Promise<Value>): Promise<Value> {
    const taken = this.#taken.get(userId) ?? 0;
    if (taken >= slotsPerUser) {
      throw new AppError("rate_limited", "Too many uploads at once.", { retryAfterMs: 2_000 });
    }
    this.#taken.set(userId, taken + 1);
    try {
      return await work();
    } finally {
      const left = this.#taken.get(userId)! - 1;
      if (left === 0) this.#taken.delete(userId);
      else this.#taken.set(userId, left);
    }
  }
}
