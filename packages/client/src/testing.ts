/** Test utilities, for Miscord and for programs that use this SDK. */
export { ChannelModel } from "./testing/channel-model.ts";
export { createCookieFetch } from "./testing/cookie-fetch.ts";
export { expectConverged } from "./testing/expect-converged.ts";
export { FakeServer } from "./testing/fake-server.ts";
export { freshState, presentState, type Comparable } from "./testing/fresh-state.ts";
export { ManualClock, settled } from "./testing/manual-clock.ts";
