import { union, without } from "@miscord/rights";

/** Bits that a draft turns on and off in a saved set. The others are whatever is saved by the time that the draft is. */
export interface BitChanges {
  readonly on: number;
  readonly off: number;
}

export const noBitChanges: BitChanges = { on: 0, off: 0 };

export function applyBits(saved: number, { on, off }: BitChanges): number {
  return union(without(saved, off), on);
}

/** The changes with this bit turned on or off, or with null left as it is saved. */
export function changeBit({ on, off }: BitChanges, bit: number, isOn: boolean | null): BitChanges {
  return {
    on: isOn === true ? union(on, bit) : without(on, bit),
    off: isOn === false ? union(off, bit) : without(off, bit),
  };
}
