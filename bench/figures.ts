import type { Measured } from "./measure.ts";

/**
 * The figures of one measurement of one contestant. All are numbers, so that medians and spreads need no special
 * cases.
 */
export interface Figures {
  offeredPerSecond: number;
  deliveriesPerSecond: number;
  /** CPU time of the server, as a share of one core. */
  cpuShare: number;
  cpuUsPerDelivery: number;
  /** CPU time of databases and the like, as a share of one core. */
  dependencyCpuShare: number;
  /** Milliseconds from the time at which a message was due until a receiver had read it. */
  p50Ms: number;
  p95Ms: number;
  p99Ms: number;
  maxMs: number;
  /** The same from the time of sending; it differs when the generator was late. */
  p99FromSendMs: number;
  bytesPerDelivery: number;
  framesPerDelivery: number;
  rssBytes: number;
  loopLagP99Ms: number;
  /** Arrivals that are missing, that came twice, and that skipped a position. */
  missing: number;
  duplicates: number;
  gaps: number;
  /** Connections that received less than half the bytes of the median of their channel. */
  starved: number;
  /** Connections closed and commands refused by the server. */
  refused: number;
  generatorCpuShare: number;
  /** 1 when the generator and not the server may have been the bottleneck. */
  generatorBound: number;
}

/** A generator that uses more of its core may be the bottleneck. */
export const busyShare = 0.9;
const lateMs = 20;

export function figuresOf(measured: Measured, offeredPerSecond: number): Figures {
  const seconds = measured.durationMs / 1000;
  const cpuShare = measured.serverCpuMs / measured.durationMs;
  const { latencyMs, generator } = measured;
  const generatorWasLate = generator.sendLatenessP99Ms > lateMs && cpuShare < busyShare;
  return {
    offeredPerSecond,
    deliveriesPerSecond: measured.deliveries / seconds,
    cpuShare,
    cpuUsPerDelivery: (measured.serverCpuMs * 1000) / measured.deliveries,
    dependencyCpuShare: measured.dependencyCpuMs / measured.durationMs,
    p50Ms: latencyMs.p50,
    p95Ms: latencyMs.p95,
    p99Ms: latencyMs.p99,
    maxMs: latencyMs.max,
    p99FromSendMs: measured.latencyFromSendMs.p99,
    bytesPerDelivery: measured.wireBytes / measured.deliveries,
    framesPerDelivery: measured.frames / measured.deliveries,
    rssBytes: measured.serverRssBytes,
    loopLagP99Ms: measured.loopLagP99Ms,
    missing: measured.missing,
    duplicates: measured.duplicates,
    gaps: measured.gaps,
    starved: measured.starved,
    refused: Object.values(measured.refusals).reduce((sum, count) => sum + count, 0),
    generatorCpuShare: generator.cpuShare,
    generatorBound: generator.cpuShare > busyShare || generatorWasLate ? 1 : 0,
  };
}

const heldP99Ms = 100;
const heldShare = 0.98;

/** A rate is held when nothing is missing, deliveries keep up with the offered rate, and p99 is below 100 ms. */
export function isHeld(
  figures: Pick<Figures, "missing" | "p99Ms" | "deliveriesPerSecond" | "offeredPerSecond">,
): boolean {
  const keepsUp = figures.deliveriesPerSecond >= figures.offeredPerSecond * heldShare;
  return keepsUp && figures.missing === 0 && figures.p99Ms < heldP99Ms;
}
