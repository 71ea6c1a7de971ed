import { availableParallelism } from "node:os";
import type { Capacity as Report, MonitorNode, PeopleRange } from "@miscord/protocol";
import { z } from "zod";
import type { Minute } from "../series.ts";
import { busiestPeople, estimateCapacity, largestCost, memoryLimitOf, type NodeCapacity } from "./estimate.ts";
import { loadRow, rowOf, type LoadRow } from "./load-rows.ts";
import { capacitySentences } from "./sentence.ts";

export const keptLoad = z.array(loadRow);

const rowS = 900;
/** Of each quarter of an hour: nodes share the load, so that more rows would tell little more and take longer to fit. */
const rowsAtOnce = 4;
/** A week. */
const keptTimes = 672;
const keptS = 14 * 86_400;
const neededHours = 24;
const neededPeople = 10;
const estimateEveryS = 3_600;

/** Learns what people cost, and tells how many the instance carries. */
export class Capacity {
  #rows: LoadRow[];
  #minutes = new Map<string, Minute[]>();
  #latest: readonly Minute[] = [];
  #rowsAt: number | null = null;
  #estimate: NodeCapacity | null = null;
  #estimatedAt = Number.NEGATIVE_INFINITY;

  constructor(kept: readonly LoadRow[]) {
    this.#rows = latest(kept);
  }

  /** Oldest first. */
  get kept(): readonly LoadRow[] {
    return this.#rows;
  }

  /** Takes in the minutes of all nodes, by the nodes' names. */
  add(at: number, minutes: ReadonlyMap<string, Minute>): void {
    this.#rowsAt ??= at;
    this.#latest = [...minutes.values()];
    for (const [node, minute] of minutes) {
      // Nodes of an earlier version do not measure it.
      if (!(minute.loop_busy > 0)) continue;
      const held = this.#minutes.get(node) ?? [];
      if (held.at(-1)?.at !== minute.at) held.push(minute);
      this.#minutes.set(node, held);
    }
    if (at - this.#rowsAt < rowS) return;
    const rows = this.#inTurn(at).map(rowOf);
    this.#rows = latest([...this.#rows, ...rows].filter((row) => at - row.at < keptS));
    this.#minutes.clear();
    this.#rowsAt = at;
  }

  /** The minutes of some nodes, of others each time. */
  #inTurn(at: number): (readonly Minute[])[] {
    const nodes = [...this.#minutes].toSorted(([one], [other]) => one.localeCompare(other));
    const first = nodes.length === 0 ? 0 : (timeOf(at) * rowsAtOnce) % nodes.length;
    return [...nodes.slice(first), ...nodes.slice(0, first)].slice(0, rowsAtOnce).map(([, minutes]) => minutes);
  }

  /** Estimates anew once an hour. */
  async refresh(at: number, nodes: readonly MonitorNode[], connectionLimit: number): Promise<void> {
    const { hours, people } = this.#known();
    if (hours < neededHours || people < neededPeople || at - this.#estimatedAt < estimateEveryS) return;
    // Before the first minute the limit of memory is not known.
    if (this.#latest.length > 0) this.#estimatedAt = at;
    // Nodes on one machine share its cores and memory.
    const shared = Math.max(1, ...countBy(nodes.map(({ host }) => host)));
    this.#estimate = await estimateCapacity(this.#rows, {
      cores: availableParallelism() / shared,
      memoryBytes: memoryLimitOf(this.#latest) / shared,
      connections: connectionLimit,
    });
  }

  report(nodes: number): Report {
    const estimate = this.#estimate;
    const { hours, people } = this.#known();
    const known = { hours, of_hours: neededHours, people, of_people: neededPeople };
    const all = ({ low, expected, high }: PeopleRange): PeopleRange => ({
      low: Math.round(low * nodes),
      expected: Math.round(expected * nodes),
      high: Math.round(high * nodes),
    });
    const isBusy = estimate?.first === "event_loop" || estimate?.first === "cpu";
    const told = {
      people: estimate && all(estimate.people),
      known,
      nodes,
      first: estimate && { resource: estimate.first, kind: isBusy ? largestCost(estimate) : null },
    };
    return {
      ...told,
      limits: estimate?.limits.map((each) => ({ ...each, people: all(each.people) })) ?? [],
      costs:
        estimate?.costs.map(({ kind, seconds, perPersonSecond, share }) => ({
          kind,
          seconds,
          per_person_minute: perPersonSecond * 60,
          share,
        })) ?? [],
      memory_per_connection: estimate && Math.round(estimate.memoryPerConnection),
      sentence: capacitySentences(told),
    };
  }

  #known(): { hours: number; people: number } {
    const times = new Set(this.#rows.map(({ at }) => timeOf(at)));
    return { hours: (times.size * rowS) / 3_600, people: Math.round(busiestPeople(this.#rows)) };
  }
}

/** Number of a quarter of an hour. */
function timeOf(at: number): number {
  return Math.round(at / rowS);
}

/** The rows of the latest times; oldest first, as they are given. */
function latest(rows: readonly LoadRow[]): LoadRow[] {
  const times = [...new Set(rows.map(({ at }) => timeOf(at)))];
  const first = times.at(-keptTimes) ?? Number.NEGATIVE_INFINITY;
  return rows.filter(({ at }) => timeOf(at) >= first);
}

function countBy(values: readonly string[]): number[] {
  return [...new Set(values)].map((value) => values.filter((each) => each === value).length);
}
