import type { AckedPlan, AckedReport } from "./acked.ts";
import type { ArrivalReport } from "./arrivals.ts";
import type { Pids } from "../contestant.ts";
import type { ReconnectReport } from "./reconnects.ts";
import type { FleetPlan } from "./fleet.ts";
import type { TrafficPlan } from "./traffic.ts";
import type { WindowReport } from "./window.ts";

/** The calls of the runner to the load generator, each with its argument and answer. One call at a time. */
export interface Calls {
  open: { plan: FleetPlan; answer: { openedMs: number } };
  /** Connects as many of the clients as can be within `limitMs`. */
  arrive: { plan: FleetPlan & { limitMs: number }; answer: ArrivalReport };
  /** Waits until the events caused by connecting (presence, joins) have been delivered, at most `limitMs`. */
  settle: { plan: { limitMs: number }; answer: null };
  start: { plan: TrafficPlan; answer: null };
  openWindow: { plan: { pids: Pids }; answer: null };
  /** Closes the window, stops the traffic, and waits at most `drainMs` for messages that were due in the window. */
  closeWindow: { plan: { drainMs: number }; answer: WindowReport };
  acked: { plan: AckedPlan; answer: AckedReport };
  expectLoss: { plan: null; answer: null };
  awaitReconnects: { plan: { readyAt: number; limitMs: number }; answer: ReconnectReport };
  close: { plan: null; answer: null };
}

export type CallName = keyof Calls;
export interface Call {
  name: CallName;
  plan: unknown;
}
export type Answer = { answer: unknown } | { failure: string };
