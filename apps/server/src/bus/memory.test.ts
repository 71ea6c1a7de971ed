import { describeBus } from "./conformance.ts";
import { MemoryBus } from "./memory.ts";

describeBus("memory", (nodeId) => new MemoryBus(nodeId));
