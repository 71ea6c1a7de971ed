import type { MonitorSample } from "@miscord/protocol";

const keptMinutes = 1_440;
/** Minutes of a node that are so far from any of all nodes are from a time when it was alone. */
const aloneAfterS = 600;

/** The last day of all nodes together, by the minute. */
export class InstanceHistory {
  #minutes: MonitorSample[];
  /** Times of minutes in which there were several nodes. */
  #shared: number[];

  /** From what was kept: minutes of all nodes, and those of this node. */
  constructor(shared: readonly MonitorSample[], own: readonly MonitorSample[]) {
    const times = shared.map(({ at }) => at);
    const alone = own.filter(({ at }) => times.every((time) => Math.abs(time - at) >= aloneAfterS));
    this.#minutes = [...shared, ...alone].toSorted((a, b) => a.at - b.at).slice(-keptMinutes);
    this.#shared = times;
  }

  /** Minutes in which there were several nodes, oldest first. */
  get shared(): readonly MonitorSample[] {
    const times = new Set(this.#shared);
    return this.#minutes.filter(({ at }) => times.has(at));
  }

  add(minute: MonitorSample, nodes: number): void {
    this.#minutes = [...this.#minutes, minute].slice(-keptMinutes);
    const oldest = this.#minutes[0]!.at;
    this.#shared = [...this.#shared, ...(nodes > 1 ? [minute.at] : [])].filter((at) => at >= oldest);
  }

  /** Null while the node has been alone all the time: its own samples are those of the instance. */
  samples(since: number): MonitorSample[] | null {
    return this.#shared.length === 0 ? null : this.#minutes.filter(({ at }) => at > since);
  }
}
