import type { Bus, Direct, Topic, TopicMessage } from "../contract.ts";

export type Received = [topic: Topic, message: TopicMessage];

/** One node's bus and what arrived there. */
export interface BusNode {
  nodeId: string;
  bus: Bus;
  received: Received[];
  direct: Direct[];
  positions: [channelId: number, seq: number][];
}

/** Opens buses of several nodes and closes them all. */
export class BusNodes {
  readonly #create: (nodeId: string) => Bus | Promise<Bus>;
  readonly #open: Bus[] = [];

  constructor(create: (nodeId: string) => Bus | Promise<Bus>) {
    this.#create = create;
  }

  async open(...topics: Topic[]): Promise<BusNode> {
    const nodeId = `n${this.#open.length + 1}`;
    const bus = await this.#create(nodeId);
    this.#open.push(bus);
    const node: BusNode = { nodeId, bus, received: [], direct: [], positions: [] };
    bus.onMessage((topic, message) => node.received.push([topic, message]));
    bus.onDirect((direct) => node.direct.push(direct));
    bus.onPositions((positions) => node.positions.push(...positions));
    for (const topic of topics) await bus.subscribe(topic);
    return node;
  }

  async close(): Promise<void> {
    await Promise.all(this.#open.splice(0).map((bus) => bus.close()));
  }
}

export function typing(userId: number): TopicMessage {
  const user = { id: userId, username: `u${userId}` };
  return { kind: "event", event: { type: "typing", user, channel_id: 1, timestamp: userId } };
}

export function deletion(channelId: number, seq: number): TopicMessage {
  const data = { message_id: seq, channel_id: channelId, text_channel_id: channelId };
  return { kind: "event", event: { type: "message_deleted", channel_id: channelId, seq, data } };
}
