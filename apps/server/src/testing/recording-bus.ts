import type { MainEvent } from "@miscord/protocol";
import type { BusMessage, Control, Topic } from "../bus/contract.ts";
import { MemoryBus } from "../bus/memory.ts";

/** A bus that records everything published, subscribed or not. */
export class RecordingBus extends MemoryBus {
  readonly published: { topic: Topic; message: BusMessage }[] = [];

  override publish(topic: Topic, message: BusMessage): void {
    this.published.push({ topic, message });
    super.publish(topic, message);
  }

  events<Type extends MainEvent["type"]>(topic: Topic, type: Type): Extract<MainEvent, { type: Type }>[] {
    return this.published.flatMap((one) =>
      one.topic === topic && one.message.kind === "event" && one.message.event.type === type
        ? [one.message.event as Extract<MainEvent, { type: Type }>]
        : [],
    );
  }

  controls(topic: Topic): Control[] {
    return this.published.flatMap((one) =>
      one.topic === topic && one.message.kind === "control" ? [one.message.control] : [],
    );
  }
}
