import type { HeavyHitter } from "../../heavy-hitters.ts";
import type { Minute, MinuteLoads } from "./series.ts";

export type LoadKind = keyof MinuteLoads;
export interface Load {
  readonly kind: LoadKind;
  readonly id: number;
}

const kinds = ["account", "channel"] as const;
/** A cause has at least this share of the whole, and so many a minute. */
const leastShare = 0.3;
const least: Readonly<Record<LoadKind, number>> = { account: 120, channel: 3_000 };
/** And this many times its own usual. */
const leastTimes = 4;
/** Minutes over which the usual is told, and that must be known. */
const usualMinutes = 60;
const knownMinutes = 30;
/** The same one is not told again for so long. */
const quietMinutes = 60;
/** Below this a usual is forgotten. */
const negligible = 1;

/** Notices when a single account or channel suddenly makes much of the load. */
export class Loads {
  readonly #usual: Readonly<Record<LoadKind, Map<number, number>>> = { account: new Map(), channel: new Map() };
  readonly #toldAt = new Map<string, number>();
  #minutes = 0;

  /** Takes in a minute of all nodes, and gives those whose load is new. */
  add(minutes: readonly Minute[]): Load[] {
    this.#minutes += 1;
    return kinds.flatMap((kind) =>
      this.#newOf(
        kind,
        minutes.flatMap(({ loads }) => (loads ? [loads[kind]] : [])),
      ),
    );
  }

  #newOf(kind: LoadKind, parts: readonly MinuteLoads[LoadKind][]): Load[] {
    const total = parts.reduce((sum, part) => sum + part.total, 0);
    const top = summed(parts.flatMap((part) => part.top));
    const found = top.filter(({ key, count }) => {
      const isLarge = count >= least[kind] && count >= total * leastShare;
      const isNew = count >= leastTimes * (this.#usual[kind].get(key) ?? 0);
      return this.#minutes > knownMinutes && isLarge && isNew && this.#isNews(`${kind} ${key}`);
    });
    this.#learn(this.#usual[kind], top);
    return found.map(({ key }) => ({ kind, id: key }));
  }

  #isNews(name: string): boolean {
    if (this.#minutes - (this.#toldAt.get(name) ?? Number.NEGATIVE_INFINITY) < quietMinutes) return false;
    for (const [told, at] of this.#toldAt) if (this.#minutes - at >= quietMinutes) this.#toldAt.delete(told);
    this.#toldAt.set(name, this.#minutes);
    return true;
  }

  #learn(usual: Map<number, number>, top: readonly HeavyHitter[]): void {
    const now = new Map(top.map(({ key, count }) => [key, count]));
    for (const key of new Set([...usual.keys(), ...now.keys()])) {
      const before = usual.get(key) ?? 0;
      const next = before + ((now.get(key) ?? 0) - before) / usualMinutes;
      if (next < negligible) usual.delete(key);
      else usual.set(key, next);
    }
  }
}

function summed(hitters: readonly HeavyHitter[]): HeavyHitter[] {
  const counts = new Map<number, number>();
  for (const { key, count } of hitters) counts.set(key, (counts.get(key) ?? 0) + count);
  return [...counts].map(([key, count]) => ({ key, count }));
}
