import { busyChannel, curve } from "./busy-channel.ts";
import { community } from "./community.ts";
import { durable } from "./durable.ts";
import { many } from "./many.ts";
import type { Scenario } from "./scenario.ts";

/** W5, the bytes on the wire, is not run by itself: it is read from W1 and W2. */
export const scenarios: readonly Scenario[] = [busyChannel, community, many, durable];

/** Run when named only. */
export const extraScenarios: readonly Scenario[] = [curve];
