import { monitorEventLoopDelay } from "node:perf_hooks";
import { Samples } from "./latencies.ts";

export interface SelfReport {
  /** Share of one core. */
  cpuShare: number;
  loopLagP99Ms: number;
  /** How late the generator sent messages, compared with the timetable. */
  sendLatenessP99Ms: number;
}

/** Measures the generator's own load during one window. */
export class SelfWatch {
  #loop = monitorEventLoopDelay({ resolution: 5 });
  #cpu = process.cpuUsage();
  #since = performance.now();
  #lateness = new Samples();

  begin(): void {
    this.#loop.enable();
    this.#loop.reset();
    this.#cpu = process.cpuUsage();
    this.#since = performance.now();
    this.#lateness = new Samples();
  }

  sent(latenessMs: number): void {
    this.#lateness.add(latenessMs);
  }

  end(): SelfReport {
    const used = process.cpuUsage(this.#cpu);
    const cpuShare = (used.user + used.system) / 1000 / (performance.now() - this.#since);
    this.#loop.disable();
    return {
      cpuShare,
      loopLagP99Ms: this.#loop.percentile(99) / 1e6,
      sendLatenessP99Ms: this.#lateness.summary().p99,
    };
  }
}
