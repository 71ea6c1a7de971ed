import type { Community, Contestant, Running } from "../contestant.ts";
import { Generator } from "../generator.ts";
import type { Settings } from "../settings.ts";

/** Receives the figures of one point of a workload (a rate, a number of senders). */
export type Recorder = (point: number, figures: Record<string, number>) => void;

export interface Scenario {
  name: string;
  title: string;
  /** Unit of the points. */
  pointName: string;
  /** The figures to print. */
  headline: readonly string[];
  /** Whether to measure a contestant in this workload. */
  suits(contestant: Contestant, settings: Settings): boolean;
  /** One run of one contestant, from an empty server to a stopped one. */
  run(contestant: Contestant, settings: Settings, record: Recorder): Promise<void>;
}

/** Runs `body` with a running server and a load generator, and ends both afterwards. */
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
    throw new Error(`${contestant.label}; the end of its output: ${running.process.log || "none"}`, { cause: error });
  } finally {
    await generator.end();
    await running.stop();
  }
}
