import type { Clock } from "../../clock.ts";
import type { Cluster, SharedMap } from "../../cluster/contract.ts";
import type { StatusChoice } from "../ports.ts";

/** A status that a user chose. `chosenAt`: milliseconds since the epoch. */
export type DatedChoice = Readonly<{ username: string; chosenAt: number } & StatusChoice>;

/** Nodes that are cut off for a moment still receive a choice within this time. */
const keptMs = 30_000;

/**
 * Tells all nodes of a status that was chosen on one of them: the user may be connected to others, or about to be, and then have the
 * status that was read before.
 */
export class StatusChoices {
  readonly #clock: Clock;
  readonly #nodeId: string;
  readonly #choices: SharedMap<DatedChoice>;

  constructor({ cluster, clock }: { cluster: Cluster; clock: Clock }) {
    this.#clock = clock;
    this.#nodeId = cluster.nodeId;
    this.#choices = cluster.map("status-choices");
  }

  announce(userId: number, choice: DatedChoice): void {
    const key = String(userId);
    this.#choices.set(key, choice);
    this.#clock.setTimeout(() => {
      if (this.#choices.get(key).get(this.#nodeId) === choice) this.#choices.delete(key);
    }, keptMs);
  }

  /** The choices of the last half minute, one of each node at most. */
  of(userId: number): DatedChoice[] {
    return [...this.#choices.get(String(userId)).values()];
  }

  onChoice(listener: (userId: number, choice: DatedChoice) => void): void {
    this.#choices.onChange((key, _nodeId, choice) => {
      if (choice !== undefined) listener(Number(key), choice);
    });
  }
}
