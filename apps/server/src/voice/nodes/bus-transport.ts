import type { Bus } from "../../bus/contract.ts";
import type { NodeBatch, NodeTransport } from "./node-links.ts";

/** Messages between nodes as direct messages of the bus, apart from those of other parts. */
export function busTransport<Message>(bus: Bus, part = "voice"): NodeTransport<Message> {
  return {
    send: (nodeId, batch) => bus.publish(`node:${nodeId}`, { kind: "direct", direct: { part, data: batch } }),
    onBatch(listener) {
      bus.onDirect((direct) => {
        // Trust boundary: only nodes of this instance can publish on its bus (the password of Redis; SECURITY.md).
        if (direct.part === part) listener(direct.data as NodeBatch<Message>);
      });
    },
  };
}
