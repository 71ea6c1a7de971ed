import { randomUUID } from "node:crypto";
import { NodeWatch, Watch } from "@miscord/analysis";
import type { MonitorBands, MonitorScope } from "@miscord/protocol";
import { readAnalysis } from "../../store/queries/analysis.ts";
import type { Store } from "../../store/contract.ts";
import { modelFromText, nodeWatchFromText } from "./model-text.ts";
import { serverSeries } from "./series.ts";

/** What was learned of the whole instance, and of any one of its nodes. */
export interface Learned {
  readonly watch: Watch;
  readonly nodeWatch: NodeWatch;
}

/** As it was kept last. */
export async function readLearned(db: Store["db"]): Promise<Learned> {
  const [model, nodes] = await Promise.all([readAnalysis(db, "model"), readAnalysis(db, "nodes")]);
  return {
    watch: new Watch({ specs: serverSeries, newId: randomUUID, state: await modelFromText(model) }),
    nodeWatch: new NodeWatch(serverSeries, await nodeWatchFromText(nodes)),
  };
}

const minuteS = 60;
/** How old what a node shows may be that does not analyse: a band changes slowly. */
const freshForS = 900;

/** What the node that analyses has kept, at a node that does not: read when somebody looks. */
export class KeptLearned {
  readonly #store: Pick<Store, "db">;
  #latest: { learned: Learned; readAt: number } | null = null;

  constructor(store: Pick<Store, "db">) {
    this.#store = store;
  }

  /** @param now seconds since the epoch */
  async read(now: number): Promise<Learned> {
    const { learned, readAt } = this.#latest ?? {};
    if (learned && now - readAt! < freshForS) return learned;
    this.#latest = { learned: await readLearned(this.#store.db), readAt: now };
    return this.#latest.learned;
  }
}

interface Asked {
  /** Seconds since the epoch. */
  readonly times: readonly number[];
  readonly of: MonitorScope;
  /** How many the instance has now. */
  readonly nodes: number;
}

/** What is usual at these times; series of which too little is known are left out. */
export function bandsOf(learned: Learned, { times, of, nodes }: Asked): MonitorBands["series"] {
  // A node that is alone is the instance.
  const isOfNode = of === "node" && nodes > 1;
  const step = times.length > 1 ? times[1]! - times[0]! : 0;
  const series = serverSeries.flatMap(({ name, across }) => {
    const share = isOfNode && across === "sum" ? nodes : 1;
    const read = (at: number) => (isOfNode ? learned.nodeWatch.bands.band(name, at) : learned.watch.band(name, at));
    const isUneven = !isOfNode && step > minuteS && learned.watch.hasRhythm(name);
    const points = times.flatMap((at) => {
      const bands = (isUneven ? minutesAround(at, step) : [at]).map(read).filter((band) => band !== null);
      if (bands.length === 0) return [];
      const low = Math.min(...bands.map((band) => band.low));
      const high = Math.max(...bands.map((band) => band.high));
      return [{ at, low: rounded(low / share), high: rounded(high / share) }];
    });
    return points.length < times.length ? [] : [[name, points] as const];
  });
  return Object.fromEntries(series);
}

/** Those that a point stands for where there is one only every few minutes. */
function minutesAround(at: number, step: number): number[] {
  return Array.from({ length: step / minuteS }, (_, index) => at - step / 2 + index * minuteS);
}

function rounded(value: number): number {
  return Number(value.toPrecision(5));
}
