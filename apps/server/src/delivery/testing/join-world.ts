import type { Changes } from "../replay.ts";
import { Resumes } from "../resume.ts";
import { DeliveryWorld, type Listener } from "./delivery-world.ts";

interface Query {
  channelId: number;
  afterSeq: number;
  answer: (changes: Changes) => void;
  fail: () => void;
}

/** Joins of channel 1, whose queries of the store the test answers. */
export class JoinWorld extends DeliveryWorld {
  readonly queries: Query[] = [];
  readonly resumes = new Resumes({
    delivery: this.delivery,
    clock: this.clock,
    endOfTurn: this.endOfTurn,
    limits: { messages: 500, bytes: 20_000, batchSize: 10 },
    changesSince: (channelId, afterSeq) =>
      new Promise((answer, reject) => {
        this.queries.push({ channelId, afterSeq, answer, fail: () => reject(new Error("the store failed")) });
      }),
  });

  join(position: number | "none" | "unknown" = 5, listener: Listener = this.listener()) {
    return { ...listener, done: this.resumes.join(1, listener.writer, position) };
  }
}

export const synced = (seq: number, recovered = true) => ({ type: "channel_synced", channel_id: 1, seq, recovered });
