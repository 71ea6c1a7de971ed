import { departureCount, Departures, type DeparturesState } from "./departures.ts";
import { Tail, type TailState } from "./tail.ts";

/** More evidence than this from one departure says no more. */
const mostEvidence = 6;
/** Evidence at which the score is a half. */
const halfEvidence = 4.3;
/** Values for which only a higher score than the last reported one is reported. */
const quietValues = 180;
/** Values that are remembered at full weight: four weeks of minutes. */
const remembered = 40_320;

/** A score from which a value counts as anomalous; the same for every series. */
export const anomalyThreshold = 0.5;

export interface Score {
  /** From 0 to 1: how far from usual in all ways together. */
  readonly surprise: number;
  /** `surprise` when it tells something new, 0 while it repeats what was reported a short time before. */
  readonly report: number;
}

export interface DetectorState {
  readonly departures: DeparturesState;
  readonly tails: readonly TailState[];
  readonly peak: number;
  readonly sincePeak: number;
}

/**
 * Scores the values of one series as they come. Each departure is compared with the tail of its own history, and the
 * evidence of all is added. Nothing is set for a single series.
 */
export class Detector {
  readonly #departures: Departures;
  readonly #tails: readonly Tail[];
  #peak: number;
  #sincePeak: number;

  constructor(state?: DetectorState) {
    this.#departures = new Departures(state?.departures);
    this.#tails = Array.from({ length: departureCount }, (_, index) => new Tail(remembered, state?.tails[index]));
    this.#peak = state?.peak ?? 0;
    this.#sincePeak = state?.sincePeak ?? 0;
  }

  /** @param at seconds since the epoch, later than the last */
  observe(at: number, value: number): Score {
    let evidence = 0;
    const departures = this.#departures.observe(at, value);
    for (let index = 0; index < departureCount; index++) {
      const tail = this.#tails[index]!;
      evidence += Math.min(mostEvidence, tail.evidence(departures[index]!));
      tail.add(departures[index]!);
    }
    const surprise = 1 - 2 ** (-evidence / Math.sqrt(departureCount) / halfEvidence);
    this.#sincePeak += 1;
    if (this.#sincePeak > quietValues) this.#peak = 0;
    if (surprise <= this.#peak) return { surprise, report: 0 };
    this.#peak = surprise;
    this.#sincePeak = 0;
    return { surprise, report: surprise };
  }

  save(): DetectorState {
    return {
      departures: this.#departures.save(),
      tails: this.#tails.map((tail) => tail.save()),
      peak: this.#peak,
      sincePeak: this.#sincePeak,
    };
  }
}
