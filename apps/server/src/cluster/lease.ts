/** How long a node counts as alive after a renewal, and how often it renews. */
export interface LeaseTimes {
  readonly leaseMs: number;
  readonly renewMs: number;
}

/** A killed node is noticed within `leaseMs` and one more `renewMs`; a call that it held together then goes on elsewhere. */
export const leaseTimes: LeaseTimes = { leaseMs: 4_000, renewMs: 500 };
