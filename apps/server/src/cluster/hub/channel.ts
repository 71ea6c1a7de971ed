import type { HubMessage, MemberPort, NodeMessage, NodePort } from "./messages.ts";

/** A channel within a process: what one end sends, the other receives before `send` returns. */
export function createChannel(): { near: NodePort; far: MemberPort } {
  let toNode: (message: HubMessage) => void = () => {};
  let toHub: (message: NodeMessage) => void = () => {};
  return {
    near: { send: (message) => toHub(message), onMessage: (listener) => void (toNode = listener) },
    far: { send: (message) => toNode(message), onMessage: (listener) => void (toHub = listener) },
  };
}
