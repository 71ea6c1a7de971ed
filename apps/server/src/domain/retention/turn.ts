import type { Clock } from "../../clock.ts";
import type { Cluster } from "../../cluster/contract.ts";

/** At most this share of the time goes into removing, the rest belongs to sends. */
const share = 0.2;
const leastPauseMs = 20;

/** What the node that removes may do, and when it must wait. */
export interface Turn {
  /** False once the server stops, or another node has taken over. */
  goesOn(): boolean;
  /** Does a slice of work, then pauses in proportion to what it took. */
  share<Result>(slice: () => Promise<Result>): Promise<Result>;
}

export function createTurn(
  { clock, cluster }: { clock: Clock; cluster: Pick<Cluster, "owns"> },
  claimName: string,
  isStopped: () => boolean,
): Turn {
  return {
    goesOn: () => !isStopped() && cluster.owns(claimName),
    async share(slice) {
      const begun = clock.monotonic();
      const result = await slice();
      const pauseMs = Math.max(leastPauseMs, (clock.monotonic() - begun) * (1 / share - 1));
      await new Promise<void>((resolve) => clock.setTimeout(resolve, pauseMs));
      return result;
    },
  };
}
