import type { AckedPlan, AckedReport } from "./acked.ts";
import type { ComebackReport } from "./comeback.ts";
import type { FleetPlan } from "./fleet.ts";
import type { TrafficPlan } from "./traffic.ts";
import type { WindowReport } from "./window.ts";

/** What the runner can ask of the load generator: name, argument, answer. One call at a time. */
export interface Calls {
  open: { plan: FleetPlan; answer: { openedMs: number } };
  /** Waits until what the arrivals stirred up (presence, joins) has been told, or the limit. */
  settle: { plan: { limitMs: number }; answer: null };
  start: { plan: TrafficPlan; answer: null };
  openWindow: { plan: { serverPid: number }; answer: null };
  /** Stops the traffic once the window is closed and waits until everything that was due in it has arrived. */
  closeWindow: { plan: { drainMs: number }; answer: WindowReport };
  acked: { plan: AckedPlan; answer: AckedReport };
  expectLoss: { plan: null; answer: null };
  awaitComeback: { plan: { readyAt: number; limitMs: number }; answer: ComebackReport };
  close: { plan: null; answer: null };
}

export type CallName = keyof Calls;
export interface Call {
  name: CallName;
  plan: unknown;
}
export type Answer = { answer: unknown } | { failure: string };
