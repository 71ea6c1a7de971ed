import type { Bus } from "../../bus/contract.ts";
import type { VoiceBatch, VoiceTransport } from "./node-links.ts";

const part = "voice";

/** Voice messages between nodes as direct messages of the bus. */
export function busTransport(bus: Bus): VoiceTransport {
  return {
    send: (nodeId, batch) => bus.publish(`node:${nodeId}`, { kind: "direct", direct: { part, data: batch } }),
    onBatch(listener) {
      bus.onDirect((direct) => {
        // Trust boundary: only nodes of this instance can publish on its bus (the password of Redis; SECURITY.md).
        if (direct.part === part) listener(direct.data as VoiceBatch);
      });
    },
  };
}
