/**
 * Sets of permissions as integers below 2^53. Calculated as BigInt: the bitwise operators of numbers would cut them to
 * 32 bits.
 */

export function union(...sets: readonly number[]): number {
  return Number(sets.reduce((all, set) => all | BigInt(set), 0n));
}

/** The bits of `set` that are not in `removed`. */
export function without(set: number, removed: number): number {
  return Number(BigInt(set) & ~BigInt(removed));
}

/** The bits that are in both. */
export function intersection(one: number, other: number): number {
  return Number(BigInt(one) & BigInt(other));
}

/** The bits that are in one of the sets and not in the other. */
export function difference(one: number, other: number): number {
  return Number(BigInt(one) ^ BigInt(other));
}

/** Whether all bits of `wanted` are in the set. */
export function includes(set: number, wanted: number): boolean {
  return without(wanted, set) === 0;
}
