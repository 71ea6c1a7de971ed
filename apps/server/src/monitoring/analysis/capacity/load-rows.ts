import { z } from "zod";
import type { Minute } from "../series.ts";

/** What a node did in a quarter of an hour: people and bytes on average, all counts per second. */
export const loadRow = z.object({
  at: z.number(),
  people: z.number(),
  connections: z.number(),
  arrivals: z.number(),
  commands: z.number(),
  requests: z.number(),
  writes: z.number(),
  deliveries: z.number(),
  /** Events in flushes, and flushes, whatever the number of recipients. */
  events: z.number(),
  flushes: z.number(),
  /** Busy share of the event loop, and cores. */
  loop: z.number(),
  cpu: z.number(),
  memory: z.number(),
});
export type LoadRow = z.infer<typeof loadRow>;

type Counted = Pick<
  Minute,
  | "at"
  | "seconds"
  | "people"
  | "sockets"
  | "arrivals"
  | "messages_received"
  | "requests"
  | "frames_sent"
  | "messages_sent"
  | "events_batched"
  | "batches_sent"
  | "loop_busy"
  | "cpu_percent"
  | "memory_bytes"
>;

/** One row from the samples of one node. */
export function rowOf(samples: readonly Counted[]): LoadRow {
  const seconds = samples.reduce((sum, each) => sum + each.seconds, 0);
  const perSecond = (count: (sample: Counted) => number) =>
    rounded(samples.reduce((sum, sample) => sum + count(sample), 0) / seconds);
  const mean = (value: (sample: Counted) => number) => perSecond((sample) => value(sample) * sample.seconds);
  return {
    at: samples.at(-1)!.at,
    people: mean(({ people }) => people),
    connections: mean(({ sockets }) => sockets),
    arrivals: perSecond(({ arrivals }) => arrivals),
    commands: perSecond(({ messages_received: received }) => received),
    requests: perSecond(({ requests }) => requests),
    writes: perSecond(({ frames_sent: frames }) => frames),
    deliveries: perSecond(({ messages_sent: sent }) => sent),
    events: perSecond(({ events_batched: batched }) => batched),
    flushes: perSecond(({ batches_sent: batches }) => batches),
    loop: mean(({ loop_busy: busy }) => busy),
    cpu: mean(({ cpu_percent: percent }) => percent / 100),
    memory: mean(({ memory_bytes: bytes }) => bytes),
  };
}

function rounded(value: number): number {
  return Number(value.toPrecision(5));
}
