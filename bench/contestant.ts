import type { DialectName } from "./load/dialect.ts";

/** Who is there in a workload. Everyone is a member of one server with so many text channels. */
export interface Community {
  people: number;
  channels: number;
  /** Which of the channels (0-based) a person's client joins; null: none. */
  channelOf(person: number): number | null;
  /** Senders of this workload may exceed the product's rate per person: it measures the server, not the limit. */
  unlimited?: boolean;
}

/** One of those that are measured side by side. */
export interface Contestant {
  name: string;
  /** As the tables and plots call it. */
  label: string;
  dialect: DialectName;
  compression: boolean;
  /** What a builder would pick instead of ours. */
  isPeer: boolean;
  /** 0 where the protocol has a heartbeat of its own. */
  heartbeatMs: number;
  start(community: Community): Promise<Running>;
}

/** A contestant's server with its people, ready for their connections. */
export interface Running {
  readonly pid: number;
  readonly port: number;
  /** The last of what the server wrote. */
  readonly log: string;
  /** Ids of the community's channels. */
  readonly channels: readonly number[];
  /** Where each person's client connects. */
  readonly paths: readonly string[];
  resetLoopLag(): void;
  loopLagP99Ms(): Promise<number>;
  /** SIGKILL, then the same server on the same data and port; resolves when it answers again. */
  killAndRestart(outageMs: number): Promise<void>;
  stop(): Promise<void>;
}
