import type { AddressInfo } from "node:net";
import type { Config } from "../config.ts";
import type { LogCommand, LogOutcome } from "../store/contract.ts";
import type { QueryReply } from "../store/sqlite/query-protocol.ts";
import type { Statement } from "../store/sqlite/writer.ts";

/** A write transaction that the primary holds open for a worker. */
export type LeaseId = number;

/** What the primary offers for writing to the embedded database. */
export type StoreOffer = {
  commit(command: LogCommand): Promise<LogOutcome>;
  write(statement: Statement): Promise<QueryReply>;
  begin(): Promise<LeaseId>;
  writeIn(request: { lease: LeaseId; statement: Statement }): Promise<QueryReply>;
  end(request: { lease: LeaseId; action: "commit" | "rollback" }): Promise<void>;
  eraseDeleted(): Promise<boolean>;
  pingStore(): Promise<void>;
};

/** What the primary offers to a worker. */
export type PrimaryOffer = StoreOffer & {
  log(entry: { level: number; line: string }): void;
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

export interface Listening {
  url: string;
  address: AddressInfo;
  claimUrl: string | null;
}

/** What a worker offers to the primary. */
export type WorkerOffer = {
  /** Resolves once the worker serves. */
  start(assignment: Assignment): Promise<Listening>;
  /** Resolves once everything is closed; the worker then ends. */
  stop(): Promise<void>;
  ping(): void;
};
