import { setTimeout as sleep } from "node:timers/promises";
import type { Pids } from "../contestant.ts";
import { readProcs } from "../proc.ts";
import type { Connection } from "./connection.ts";
import type { WireEvent } from "./wire-format.ts";
import type { Fleet } from "./fleet.ts";
import { Samples, type Percentiles } from "./latencies.ts";
import type { SelfReport, SelfWatch } from "./self-watch.ts";
import { TextSource } from "./text.ts";

export interface AckedPlan {
  senders: number;
  channel: number;
  messageBytes: number;
  warmUpMs: number;
  durationMs: number;
  pids: Pids;
}

export interface AckedReport {
  acksPerSecond: number;
  ackMs: Percentiles;
  serverCpuShare: number;
  dependencyCpuShare: number;
  refusals: Record<string, number>;
  generator: SelfReport;
}

/** Senders that each wait for the ack of one message before they send the next. */
export async function runAcked(fleet: Fleet, plan: AckedPlan, watch: SelfWatch): Promise<AckedReport> {
  const senders = new AckedSenders(fleet, plan);
  senders.start();
  await sleep(plan.warmUpMs);
  senders.begin();
  watch.begin();
  fleet.refusals.clear();
  const read = () => [readProcs(plan.pids.servers), readProcs(plan.pids.dependencies)] as const;
  const [before, dependenciesBefore] = read();
  await sleep(plan.durationMs);
  const [after, dependenciesAfter] = read();
  const generator = watch.end();
  await senders.stop();
  const elapsedMs = after.at - before.at;
  const ackMs = senders.ackMs.summary();
  return {
    acksPerSecond: (ackMs.count * 1000) / elapsedMs,
    ackMs,
    dependencyCpuShare: (dependenciesAfter.cpuMs - dependenciesBefore.cpuMs) / elapsedMs,
    serverCpuShare: (after.cpuMs - before.cpuMs) / elapsedMs,
    refusals: Object.fromEntries(fleet.refusals),
    generator,
  };
}

class AckedSenders {
  ackMs = new Samples();
  #fleet: Fleet;
  #plan: AckedPlan;
  #text = new TextSource(4);
  #waiting = new Map<string, { sender: Connection; sentAt: number }>();
  #sent = 0;
  #measuring = false;
  #stopping = false;

  constructor(fleet: Fleet, plan: AckedPlan) {
    this.#fleet = fleet;
    this.#plan = plan;
    fleet.onAck = (_, event) => this.#acked(event);
  }

  start(): void {
    for (const sender of this.#fleet.connections.slice(0, this.#plan.senders)) this.#send(sender);
  }

  begin(): void {
    this.#measuring = true;
  }

  /** Waits a while for outstanding acknowledgements. */
  async stop(): Promise<void> {
    this.#measuring = false;
    this.#stopping = true;
    for (let waitedMs = 0; this.#waiting.size > 0 && waitedMs < 5_000; waitedMs += 50) await sleep(50);
    if (this.#waiting.size > 0) throw new Error(`${this.#waiting.size} messages were never acknowledged`);
  }

  #send(sender: Connection): void {
    const nonce = `a${process.pid}-${performance.now()}-${this.#sent++}`;
    const content = this.#text.line("", this.#plan.messageBytes).trim();
    this.#waiting.set(nonce, { sender, sentAt: performance.now() });
    sender.send({ type: "chat_message", channel_id: this.#plan.channel, content, nonce });
  }

  #acked(event: WireEvent): void {
    const waiting = this.#waiting.get(event.nonce ?? "");
    if (!waiting) return;
    this.#waiting.delete(event.nonce ?? "");
    if (this.#measuring) this.ackMs.add(performance.now() - waiting.sentAt);
    if (!this.#stopping) this.#send(waiting.sender);
  }
}
