import type { TransportChannel } from "../bus/transport.ts";
import type { NodeMessage, HubMessage } from "../cluster/hub/messages.ts";
import type { Config } from "../config.ts";
import type { RunningServer } from "../app.ts";
import type { Figures, WorkerFigures } from "../monitoring/figures.ts";
import type { Shed } from "../monitoring/operator.ts";
import type { LogCommand, LogOutcome } from "../store/contract.ts";
import type { QueryReply } from "../store/sqlite/query-protocol.ts";
import type { Statement } from "../store/sqlite/writer.ts";

/** A write transaction that the primary holds open for a worker. */
export type TransactionId = number;

/** What the primary offers for writing to the embedded database. */
export type StoreOffer = {
  commit(command: LogCommand): Promise<LogOutcome>;
  write(statement: Statement): Promise<QueryReply>;
  begin(): Promise<TransactionId>;
  writeIn(request: { id: TransactionId; statement: Statement }): Promise<QueryReply>;
  end(request: { id: TransactionId; action: "commit" | "rollback" }): Promise<void>;
  eraseDeleted(): Promise<boolean>;
  pingStore(): Promise<void>;
};

/** Messages of the bus, which the primary passes on without reading them. */
export interface BusText {
  channel: TransportChannel;
  text: string;
  isPatient: boolean;
}

export type BusOffer = {
  busSend(text: BusText): void;
  busSubscribe(channel: TransportChannel): void;
  busUnsubscribe(channel: TransportChannel): void;
  busPing(): void;
};

export type BusReceiver = {
  busText(text: BusText): void;
};

/** To the hub of the cluster, and from it. */
type ClusterOffer = {
  toCluster(message: NodeMessage): void;
};
type ClusterReceiver = {
  fromCluster(message: HubMessage): void;
};

/** What the primary offers to every worker. */
export type PrimaryOffer = {
  log(entry: { level: number; line: string }): void;
  /** Of all workers that answer. */
  allFigures(): Promise<WorkerFigures[]>;
  /** Closes a share of the sockets of each worker. */
  shedAll(share: number): Promise<Shed[]>;
};

/** What it offers besides with the embedded database. */
export type HubOffer = PrimaryOffer &
  StoreOffer &
  BusOffer &
  ClusterOffer & {
    /** Publishes the users' unread counts; see `UnreadAnnouncer`. */
    announceUnread(request: { channelId: number; userIds: readonly number[] }): Promise<void>;
  };

/** How a worker begins. */
export interface Assignment {
  /** From 1; a worker that replaces another has its number. */
  number: number;
  config: Config;
  /** Epoch of the embedded database; null: the worker opens PostgreSQL itself. */
  epoch: string | null;
  /** Whether the worker issues the claim link, which voids the one before. */
  issuesClaim: boolean;
}

export type Listening = Pick<RunningServer, "url" | "port" | "address" | "claimUrl">;

/** What a worker offers to the primary. */
export type WorkerOffer = BusReceiver &
  ClusterReceiver & {
    /** Resolves once the worker serves. */
    start(assignment: Assignment): Promise<Listening>;
    /** Lets the worker finish what it does; it then ends. */
    stop(): void;
    figures(): Promise<Figures>;
    shed(share: number): Promise<Shed>;
    /** Answers with the worker's load. */
    ping(state: PrimaryState): { deliveriesPerSecond: number };
  };

/** Before the first message of the primary. */
export const idle: PrimaryState = { gatheredMs: 0 };

export interface PrimaryState {
  /** How long the log gathers commands at the moment; see `CommitPace`. */
  gatheredMs: number;
}
