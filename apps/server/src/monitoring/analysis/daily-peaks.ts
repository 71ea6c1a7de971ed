import { forecastDays, type ForecastDay } from "@miscord/analysis";
import type { Forecast, ForecastQuantity } from "@miscord/protocol";
import { z } from "zod";
import type { Minute } from "./series.ts";

const keptDays = 90;
const horizonDays = 60;
const toldDays = 30;
const daySeconds = 86_400;

/** The highest value of each day by quantity; the last one is of the present day. */
export const dailyPeaks = z.partialRecord(
  z.enum(["disk", "memory", "connections", "database", "database_disk"]),
  z.object({ day: z.number(), values: z.array(z.number()) }),
);
export type KeptPeaks = z.infer<typeof dailyPeaks>;

type Measured = { readonly value: number; readonly limit: number | null };

/** What is forecast by the day: how much of something that can run out was in use at most. */
export class DailyPeaks {
  readonly #peaks: KeptPeaks;
  readonly #latest = new Map<ForecastQuantity, Measured>();
  /** What is forecast from the days that are over: the same for a whole day, and costly. */
  readonly #days = new Map<ForecastQuantity, readonly ForecastDay[]>();

  constructor(kept: KeptPeaks) {
    this.#peaks = structuredClone(kept);
  }

  get kept(): KeptPeaks {
    return this.#peaks;
  }

  add(at: number, minutes: readonly Minute[], connectionLimit: number): void {
    for (const [quantity, measured] of measure(minutes, connectionLimit)) {
      this.#latest.set(quantity, measured);
      this.#put(quantity, Math.floor(at / daySeconds), measured.value);
    }
  }

  forecasts(now: number): Forecast[] {
    return [...this.#latest].map(([quantity, { value, limit }]) => {
      const days = this.#daysOf(quantity);
      const told = days[toldDays - 1];
      const reaches = (side: "low" | "high") => {
        const found = limit === null ? undefined : days.find((each) => each[side] >= limit);
        return found ? new Date((now + (found.day - 1) * daySeconds) * 1_000).toISOString() : null;
      };
      return {
        quantity,
        value,
        limit,
        in_30_days: told ? bounded(told) : null,
        full_from: reaches("high"),
        full_until: reaches("low"),
      };
    });
  }

  #daysOf(quantity: ForecastQuantity): readonly ForecastDay[] {
    // The present day is not over, so its peak is not known.
    const days = this.#days.get(quantity) ?? forecastDays(this.#peaks[quantity]!.values.slice(0, -1), horizonDays);
    this.#days.set(quantity, days);
    return days;
  }

  #put(quantity: ForecastQuantity, day: number, value: number): void {
    const held = this.#peaks[quantity] ?? { day, values: [] };
    // Days without a process have the peak of the day before them.
    for (; held.values.length > 0 && held.day < day - 1; held.day += 1) held.values.push(held.values.at(-1)!);
    const isNew = held.values.length === 0 || held.day < day;
    held.day = Math.max(held.day, day);
    if (isNew) this.#days.delete(quantity);
    if (isNew) held.values.push(value);
    else held.values[held.values.length - 1] = Math.max(value, held.values.at(-1)!);
    held.values = held.values.slice(-keptDays);
    this.#peaks[quantity] = held;
  }
}

function bounded({ low, expected, high }: { low: number; expected: number; high: number }) {
  return { low: Math.max(0, low), expected: Math.max(0, expected), high: Math.max(0, high) };
}

/** Of the node that is nearest to its limit; connections of all nodes together. */
function measure(minutes: readonly Minute[], connectionLimit: number): Map<ForecastQuantity, Measured> {
  const measured = new Map<ForecastQuantity, Measured>();
  const fullest = (
    quantity: ForecastQuantity,
    of: (minute: Minute) => { value: number; limit: number } | null | undefined,
  ) => {
    const all = minutes.map(of).filter((each) => each !== null && each !== undefined);
    const [most] = all.toSorted((a, b) => b.value / b.limit - a.value / a.limit);
    if (most) measured.set(quantity, most);
  };
  fullest("disk", ({ disk }) => disk && { value: disk.used, limit: disk.total });
  fullest("database_disk", ({ database_disk: disk }) => disk && { value: disk.used, limit: disk.total });
  fullest("memory", ({ memory_bytes: value, memory_percent: percent }) =>
    percent > 0 ? { value, limit: (value / percent) * 100 } : null,
  );
  const sockets = minutes.reduce((sum, minute) => sum + minute.sockets, 0);
  measured.set("connections", { value: sockets, limit: connectionLimit * minutes.length });
  const database = minutes.find(({ database_bytes: size }) => size !== null)?.database_bytes ?? null;
  if (database !== null) measured.set("database", { value: database, limit: null });
  return measured;
}
