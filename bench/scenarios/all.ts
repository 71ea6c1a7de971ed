import { breaking, busyChannel, curve, middle } from "./busy-channel.ts";
import { community } from "./community.ts";
import { connections } from "./connections.ts";
import { durable } from "./durable.ts";
import { many } from "./many.ts";
import type { Scenario } from "./scenario.ts";
import { start } from "./start.ts";

/** The workloads of a full run. W5, the bytes on the wire, is computed from W1 and W2. */
export const scenarios: readonly Scenario[] = [busyChannel, community, many, durable];

/** Workloads that run only when named with `--only`. */
export const extraScenarios: readonly Scenario[] = [curve, middle, breaking, connections, start];
