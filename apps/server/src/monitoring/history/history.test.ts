import { describe, expect, test } from "vitest";
import { foldSamples } from "./fold-samples.ts";
import { History } from "./history.ts";
import { LatencyHistogram } from "./latency-histogram.ts";
import { quietSample } from "./testing/quiet-sample.ts";

const noLatency = { latency_p50: null, latency_p95: null, latency_p99: null };

describe("a minute made of samples", () => {
  test("sums counters and keeps peaks", () => {
    const minute = foldSamples(
      [
        quietSample({ at: 5, messages_sent: 10, main_connections: 3, cpu_percent: 10, voice_rtt: 0.1 }),
        quietSample({ at: 10, messages_sent: 20, main_connections: 900, cpu_percent: 30, voice_rtt: null }),
        quietSample({ at: 15, messages_sent: 30, main_connections: 4, cpu_percent: 20, voice_rtt: 0.2 }),
      ],
      { latency_p50: 0.01, latency_p95: 0.02, latency_p99: 0.03 },
    );
    expect(minute).toMatchObject({ at: 15, seconds: 15, messages_sent: 60, main_connections: 900, cpu_percent: 20 });
    expect(minute).toMatchObject({ voice_rtt: 0.15, voice_loss: null, latency_p99: 0.03 });
  });

  test("has the quantiles of all its latencies, not of its samples", () => {
    const histogram = new LatencyHistogram();
    for (let ms = 1; ms <= 1_000; ms += 1) histogram.observe(ms);
    const { latency_p50: p50, latency_p99: p99 } = histogram.take();
    expect(p50).toBeCloseTo(0.5, 2);
    expect(p99).toBeCloseTo(0.99, 2);
    expect(histogram.take()).toEqual(noLatency);
  });
});

describe("the history", () => {
  /** Adds samples as the recorder does: one every five seconds, and a minute for each twelve. */
  function fill(history: History, samples: number, startedAt = 0): number {
    for (let i = 1; i <= samples; i += 1) {
      const at = startedAt + i * 5;
      history.add(quietSample({ at, messages_sent: 1 }));
      if (i % 12 === 0) history.addMinute(quietSample({ at, seconds: 60, messages_sent: 12 }));
    }
    return startedAt + samples * 5;
  }

  test("holds at most one day", () => {
    const history = new History([]);
    const now = fill(history, 3 * 17_280);
    expect(history.samples("24h", now)).toHaveLength(1_440);
    expect(history.samples("1h", now)).toHaveLength(720);
    expect(history.samples("15m", now)).toHaveLength(180);
    expect(history.samples("24h", now)[0]!.at).toBe(now - 86_400 + 60);
  });

  test("returns only samples after a given time", () => {
    const history = new History([]);
    const now = fill(history, 100);
    expect(history.samples("1h", now, now - 10).map(({ at }) => at)).toEqual([now - 5, now]);
  });

  test("shows minutes from before a restart, and no second twice", () => {
    const before = new History([]);
    const stoppedAt = fill(before, 240);
    const after = new History(before.minutes);
    const now = fill(after, 24, stoppedAt + 300);
    const samples = after.samples("1h", now);
    expect(samples).toHaveLength(20 + 24);
    expect(samples.reduce((sum, { messages_sent: sent }) => sum + sent, 0)).toBe(264);
    expect(samples.map(({ at }) => at)).toEqual(samples.map(({ at }) => at).toSorted((a, b) => a - b));
  });

  test("of all nodes together is this node's own while it is alone, and goes on over a restart", () => {
    const history = new History([]);
    const now = fill(history, 240);
    expect(history.instanceSamples("1h", now)).toEqual(history.samples("1h", now));
    const both = (at: number) => quietSample({ at, seconds: 60, main_connections: 7 });
    for (let minute = 1; minute <= 20; minute += 1) {
      const at = now + minute * 60;
      history.addMinute(quietSample({ at, seconds: 60, main_connections: 3 }));
      history.instance.add(both(at), 2);
    }
    const later = now + 1_200;
    const shown = history.instanceSamples("15m", later);
    expect(shown.map(({ main_connections: connections }) => connections)).toEqual(Array.from({ length: 15 }, () => 7));
    const again = new History(history.minutes, history.instance.shared);
    // Before that the node was alone.
    expect(again.instanceSamples("24h", later).map(({ main_connections: count }) => count)).toEqual([
      ...Array.from({ length: 11 }, () => 0),
      ...Array.from({ length: 20 }, () => 7),
    ]);
    expect(again.instanceSamples("24h", later, later - 60).map(({ at }) => at)).toEqual([later]);
  });
});
