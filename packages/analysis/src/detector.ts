import { departureCount, Departures, type DeparturesState } from "./departures.ts";
import { Tail, type TailState } from "./tail.ts";

/** More evidence than this from one departure says no more. */
const mostEvidence = 6;
/** Evidence at which the score is a half. */
const halfEvidence = 4.3;
/** Values that are remembered at full weight: four weeks of minutes. */
const remembered = 40_320;

/** A score from which a value counts as anomalous; the same for every series. */
export const anomalyThreshold = 0.5;

export interface DetectorState {
  readonly departures: DeparturesState;
  readonly tails: readonly TailState[];
}

/**
 * Scores the values of one series as they come. Each departure is compared with the tail of its own history, and the
 * evidence of all is added. Nothing is set for a single series.
 */
export class Detector {
  readonly #departures: Departures;
  readonly #tails: readonly Tail[];

  constructor(state?: DetectorState) {
    this.#departures = new Departures(state?.departures);
    this.#tails = Array.from({ length: departureCount }, (_, index) => new Tail(remembered, state?.tails[index]));
  }

  /**
   * The surprise of a value, from 0 to 1: how far from usual it is in all ways together.
   *
   * @param at seconds since the epoch, later than the last
   */
  observe(at: number, value: number): number {
    let evidence = 0;
    const departures = this.#departures.observe(at, value);
    for (let index = 0; index < departureCount; index++) {
      const tail = this.#tails[index]!;
      evidence += Math.min(mostEvidence, tail.evidence(departures[index]!));
      tail.add(departures[index]!);
    }
    return 1 - 2 ** (-evidence / Math.sqrt(departureCount) / halfEvidence);
  }

  save(): DetectorState {
    return { departures: this.#departures.save(), tails: this.#tails.map((tail) => tail.save()) };
  }
}
