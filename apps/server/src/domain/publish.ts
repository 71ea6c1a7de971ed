import type { MainEvent } from "@miscord/protocol";
import type { Bus, Control, Topic } from "../bus/contract.ts";

type Context = { readonly bus: Bus };

export function publish({ bus }: Context, topic: Topic, event: MainEvent): void {
  bus.publish(topic, { kind: "event", event });
}

/** An order to the gateways that hold sockets of this topic. */
export function sendControl({ bus }: Context, topic: Topic, control: Control): void {
  bus.publish(topic, { kind: "control", control });
}
