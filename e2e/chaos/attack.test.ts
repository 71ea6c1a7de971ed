import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { attackNames } from "./attack-names.ts";
import { attackSettings as settings, Neighbour, pauseMs, startAttack } from "./neighbour.ts";
import { mainThreadSeconds, residentBytes } from "./process-figures.ts";
import { openChaosWorld, sleep, type ChaosWorld } from "./world.ts";

/** Of each attack and of the quiet time before. */
const seconds = Number(process.env["ATTACK_SECONDS"] ?? 2);
const isLong = seconds >= 10;
const factor = 3;
/**
 * Below 100 ms nobody feels a difference. A short run has so few samples that its p99 is the slowest one, and shares the
 * machine with other tests: there the floor only finds an attack that stops the server.
 */
const floorMs = isLong ? 100 : 3_000;
const messages = 300;
/** Between the halves of an attack. A leak of one small object in a round grows faster. */
const mostGrowth = 64 * 2 ** 20;

describe("under attack by one account or address, the p99 of a neighbour's messages is at most three times the quiet one", () => {
  let world: ChaosWorld;
  let neighbour: Neighbour;
  beforeAll(async () => {
    world = await openChaosWorld(1 + attackNames.length, 2, { env: settings });
    neighbour = await Neighbour.connect(world.server.port, world.tokens[0]!, world.channels[0]!);
    // A long history for the attack that resumes.
    for (let count = 0; count < messages; count += 1) {
      await neighbour.send(world.channels[1]);
      await sleep(pauseMs);
    }
  });
  afterAll(async () => {
    neighbour.close();
    await world.dispose();
  });

  test.each(attackNames.map((name, index) => ({ name, attacker: 1 + index })))(
    "$name",
    async ({ name, attacker }) => {
      const pid = world.server.pid!;
      const quiet = await neighbour.measure(sleep(1_000 * seconds));
      const options = { port: world.server.port, token: world.tokens[attacker]!, channelId: world.channels[1]! };
      const attack = startAttack({ ...options, name, durationMs: 1_000 * seconds });
      const [startedAt, usedBefore] = [performance.now(), mainThreadSeconds(pid)];
      const memory = sampleMemory(pid);
      const attacked = await neighbour.measure(attack.finished);
      const busy = (mainThreadSeconds(pid) - usedBefore) / ((performance.now() - startedAt) / 1_000);
      const rounds = await attack.finished;
      expect(rounds, "the attack did nothing").toBeGreaterThan(0);
      await attack.worker.terminate();
      const growth = memory.stop();
      const figures = [
        `quiet ${quiet.p99Ms.toFixed(1)} ms (${quiet.count})`,
        `attacked ${attacked.p99Ms.toFixed(1)} ms (${attacked.count})`,
        `${rounds} rounds`,
        `main thread ${(100 * busy).toFixed(0)}% busy`,
        `memory ${growth >= 0 ? "+" : ""}${Math.round(growth / 2 ** 20)} MB`,
      ].join(", ");
      // The reporter is silent until the file ends, which takes minutes in the long form.
      if (isLong) process.stderr.write(`${name}: ${figures}\n`);
      expect(growth, figures).toBeLessThanOrEqual(mostGrowth);
      expect(attacked.p99Ms, figures).toBeLessThanOrEqual(Math.max(floorMs, factor * quiet.p99Ms));
    },
    60_000 + 3_000 * seconds,
  );
});

/**
 * Takes the memory of the process once a second; `stop` gives the growth of its median between the two halves. A short
 * run, in which the process has not settled, shows nothing: its growth is 0.
 */
function sampleMemory(pid: number): { stop: () => number } {
  const samples: number[] = [];
  const timer = setInterval(() => samples.push(residentBytes(pid)), 1_000);
  return {
    stop() {
      clearInterval(timer);
      if (samples.length < 8) return 0;
      const middle = Math.floor(samples.length / 2);
      return median(samples.slice(middle)) - median(samples.slice(0, middle));
    },
  };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
