import { createChannel } from "../hub/channel.ts";
import type { HubMessage, MemberPort, NodeMessage, NodePort } from "../hub/messages.ts";

type State = "open" | "paused" | "dead";

/** A channel between a node and a hub that can be paused, with its messages kept, or cut for good. */
export function createFaultyChannel(): {
  near: NodePort;
  far: MemberPort;
  pause(): void;
  resume(): void;
  kill(): void;
} {
  const { near, far } = createChannel();
  let state: State = "open";
  const waiting: (() => void)[] = [];
  const pass = (send: () => void) => {
    if (state === "open") send();
    else if (state === "paused") waiting.push(send);
  };
  return {
    near: {
      send: (message: NodeMessage) => pass(() => near.send(message)),
      onMessage: (listener) => near.onMessage(listener),
    },
    far: {
      send: (message: HubMessage) => pass(() => far.send(structuredClone(message))),
      onMessage: (listener) => far.onMessage(listener),
    },
    pause: () => void (state = "paused"),
    resume() {
      state = "open";
      for (const send of waiting.splice(0)) send();
    },
    kill: () => void (state = "dead"),
  };
}
