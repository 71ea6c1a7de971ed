import { AppError } from "../../errors.ts";

const slotsPerPerson = 6;

/** Bounds what one person can have under way, and so by how much they can overshoot their quota. */
export class UploadSlots {
  readonly #taken = new Map<number, number>();

  async during<Value>(userId: number, work: () => Promise<Value>): Promise<Value> {
    const taken = this.#taken.get(userId) ?? 0;
    if (taken >= slotsPerPerson) {
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
