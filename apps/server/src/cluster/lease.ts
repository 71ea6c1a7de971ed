/** How long a node counts as alive after a renewal, and how often it renews. */
export interface LeaseTimes {
  readonly leaseMs: number;
  readonly renewMs: number;
}

/** A killed node is noticed within `leaseMs` and one more `renewMs`; a call that it held together then goes on elsewhere. */
export const leaseTimes: LeaseTimes = { leaseMs: 4_000, renewMs: 500 };

/**
 * Of a worker at the hub of its primary, which knows at once when the process has ended and kills it when it stands still.
 * On a busy machine a lease that ends makes more work than it saves: all entries of all workers are sent again.
 */
export const workerLeaseTimes: LeaseTimes = { leaseMs: 15_000, renewMs: 500 };
