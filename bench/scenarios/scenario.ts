import type { Community, Contestant, Running } from "../contestant.ts";
import { Generator } from "../generator.ts";
import type { Settings } from "../settings.ts";

/** Takes the figures of one point of a workload (a rate, a number of senders). */
export type Recorder = (point: number, figures: Record<string, number>) => void;

export interface Scenario {
  name: string;
  title: string;
  /** What the point of a result counts. */
  pointName: string;
  /** The figures that a reader of the log wants first. */
  headline: readonly string[];
  /** Whether a contestant has anything to show in this workload. */
  suits(contestant: Contestant, settings: Settings): boolean;
  /** One run of one contestant, from an empty server to a stopped one. */
  run(contestant: Contestant, settings: Settings, record: Recorder): Promise<void>;
}

/** A server and a generator for as long as the body runs, and not longer. */
export async function withBoth(
  contestant: Contestant,
  community: Community,
  body: (running: Running, generator: Generator) => Promise<void>,
): Promise<void> {
  const running = await contestant.start(community);
  const generator = new Generator();
  try {
    await body(running, generator);
  } catch (error) {
    throw new Error(`${contestant.label}; its last words: ${running.log || "none"}`, { cause: error });
  } finally {
    await generator.end();
    await running.stop();
  }
}
