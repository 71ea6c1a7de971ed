/** What only a call needs. Loaded with the first one: most people who open a client do not call. */
export { Call } from "./call.ts";
export { QualityMonitor } from "./quality-monitor.ts";
