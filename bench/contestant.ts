import type { WireFormatName } from "./load/wire-format.ts";
import type { ServerProcess } from "./server-process.ts";

/** The users and channels of a workload. Every user is a member of one server with `channels` text channels. */
export interface Community {
  people: number;
  channels: number;
  /** Index (from 0) of the channel that a user's client joins; null: none. */
  channelOf(person: number): number | null;
  /** Raises the rate limit per user, for workloads that measure the server and not the limit. */
  unlimited?: boolean;
  /** Interval in seconds of the heartbeats that the server expects; absent: its default. */
  heartbeatS?: number;
  /** Users of one server, each of which then has as many channels in its turn; absent: all are in one. */
  peoplePerServer?: number;
}

/** A server that is compared with the others: Miscord in some configuration, or a peer. */
export interface Contestant {
  name: string;
  /** Name in tables and plots. */
  label: string;
  format: WireFormatName;
  compression: boolean;
  /** Whether it is an alternative to Miscord. */
  isPeer: boolean;
  /** Whether it is a layout of several processes, measured only when it is named. */
  isLayout?: boolean;
  /** Names of the workloads that it takes part in; absent: all that suit it. */
  workloads?: readonly string[];
  /** What it needs and this machine lacks; null: nothing. Absent: it needs nothing. */
  lacks?: () => string | null;
  /** Interval of heartbeat commands; 0 where the protocol has its own heartbeat. */
  heartbeatMs: number;
  start(community: Community): Promise<Running>;
}

export interface Pids {
  servers: readonly number[];
  /** Databases and the like, in columns of their own. */
  dependencies: readonly number[];
}

/** A contestant's server with its users, ready for connections. */
export interface Running {
  /** The first process; its event loop is measured. */
  readonly process: ServerProcess;
  /** Ports of its nodes; connections go to them in turn. */
  readonly ports: readonly number[];
  /** The processes whose CPU time and memory are measured. */
  readonly pids: Pids;
  /** Ids of the community's channels. */
  readonly channels: readonly number[];
  /** URL path that each user's client connects to. */
  readonly paths: readonly string[];
  /** Kills the server with SIGKILL and starts it on the same data and port; resolves when it answers again. */
  killAndRestart(outageMs: number): Promise<void>;
  stop(): Promise<void>;
}
