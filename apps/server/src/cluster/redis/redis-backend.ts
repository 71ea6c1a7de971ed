import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import type { ClusterBackend, PeerListener, Take } from "../backend.ts";
import type { NodeId } from "../contract.ts";
import type { Entry, EntryChange } from "../replica.ts";
import { readMessage, writeField, writeMessage } from "./change-message.ts";
import { Peers, type Listed } from "./peers.ts";
import type { RedisScripts } from "./redis-scripts.ts";
import {
  changeScript,
  claimScript,
  joinScript,
  leaveScript,
  loadScript,
  releaseScript,
  renewScript,
} from "./scripts.ts";
import { TakeBatches } from "./take-batches.ts";

export interface RedisBackendOptions {
  readonly nodeId: NodeId;
  readonly scripts: RedisScripts;
  /** Prefix of all keys; the nodes of one instance have the same. */
  readonly prefix: string;
  readonly leaseMs: number;
}

/** A node's side of what the nodes share in Redis; see scripts.ts for the keys. */
export class RedisBackend implements ClusterBackend {
  readonly #options: RedisBackendOptions;
  readonly #scripts: RedisScripts;
  readonly #peers: Peers;
  readonly #takes: TakeBatches;
  #isOpen = false;
  #loaded: Promise<void> = Promise.resolve();
  /** Identifies the current lease. */
  #token = "";
  /** The number of the change that was sent last under this lease. */
  #number = 0;
  #changes: EntryChange[] = [];
  /** A change was lost: no further ones are sent until all entries have been. */
  #isBehind = false;

  constructor(options: RedisBackendOptions, listener: PeerListener) {
    const { nodeId, scripts, prefix } = options;
    this.#options = options;
    this.#scripts = scripts;
    const load = async (id: NodeId) => (await this.#run(loadScript, [id])) as string[];
    this.#peers = new Peers(nodeId, load, listener);
    this.#takes = new TakeBatches((script, keys, args) => scripts.run(script, keys, args), prefix);
  }

  /** Subscribes before anything is loaded, so that no change falls in between. */
  async open(): Promise<void> {
    await this.#scripts.open({
      channel: `${this.#options.prefix}changes`,
      onMessage: (text) => {
        const message = readMessage(text);
        // What is no message of a node is somebody else's on this Redis.
        if (message) this.#peers.receive(message);
      },
      onResubscribed: () => void this.#peers.reloadAll(),
    });
    this.#isOpen = true;
  }

  async join(entries: readonly Entry[]): Promise<void> {
    const token = randomUUID();
    this.#startLease(token);
    const known = this.#peers.known();
    const message = this.#message(null);
    const args = [this.#options.nodeId, token, this.#options.leaseMs, message, ...fieldsOf(entries)];
    this.#loaded = this.#peers.follow(readList(await this.#run(joinScript, args)), known);
  }

  loaded(): Promise<void> {
    return this.#loaded;
  }

  async renew(ownEntries: () => readonly Entry[]): Promise<boolean> {
    const { nodeId, leaseMs } = this.#options;
    const known = this.#peers.known();
    const list = readList(await this.#run(renewScript, [nodeId, this.#token, leaseMs]));
    if (list.length === 0) return false;
    if (this.#isBehind) await this.#replaceEntries(ownEntries());
    void this.#peers.follow(list, known);
    return true;
  }

  change(change: EntryChange): void {
    if (this.#changes.length === 0) setImmediate(() => this.#sendChanges());
    this.#changes.push(change);
  }

  take(take: Take): Promise<number> {
    return this.#takes.take(take);
  }

  force(takes: readonly Take[]): Promise<number[]> {
    return this.#takes.force(takes);
  }

  refund(refund: Omit<Take, "cost">): void {
    // A token that is lost with Redis is no loss: the bucket is gone too.
    this.#takes.take({ ...refund, cost: -1 }).catch(() => {});
  }

  async claim(name: string): Promise<NodeId> {
    const { nodeId, leaseMs } = this.#options;
    const settledAfter = Math.ceil(leaseMs / 1_000) + 1;
    for (;;) {
      const answer = await this.#run(claimScript, [nodeId, this.#token, name, settledAfter]);
      if (answer === "") throw new Error("The node's lease has ended.");
      if (typeof answer === "string") return answer;
      await wait(Math.min(Number(answer) * 1_000, 250), undefined, { ref: false });
    }
  }

  async release(name: string): Promise<void> {
    await this.#run(releaseScript, [this.#options.nodeId, this.#token, name]);
  }

  ping(): Promise<void> {
    return this.#scripts.ping();
  }

  async close(): Promise<void> {
    if (this.#isOpen) await this.#run(leaveScript, [this.#options.nodeId, this.#token]).catch(() => {});
    this.#scripts.close();
  }

  #run(script: string, args: readonly (string | number)[]): Promise<unknown> {
    return this.#scripts.run(script, [], [this.#options.prefix, ...args]);
  }

  #startLease(token: string): void {
    this.#token = token;
    this.#number = 0;
    this.#changes = [];
    this.#isBehind = false;
  }

  #message(changes: readonly EntryChange[] | null): string {
    return writeMessage({ id: this.#options.nodeId, token: this.#token, number: this.#number, changes });
  }

  #sendChanges(): void {
    const changes = this.#changes;
    this.#changes = [];
    if (changes.length === 0 || this.#isBehind) return;
    const before = this.#number;
    this.#number += 1;
    void this.#change(String(before), this.#message(changes), changes);
  }

  async #replaceEntries(entries: readonly Entry[]): Promise<void> {
    this.#changes = [];
    this.#isBehind = false;
    this.#number += 1;
    await this.#change("", this.#message(null), entries);
  }

  async #change(before: string, message: string, changes: readonly EntryChange[]): Promise<void> {
    const token = this.#token;
    const args = [this.#options.nodeId, token, this.#number, before, message, ...fieldsOf(changes)];
    const isApplied = await this.#run(changeScript, args).catch(() => 0);
    if (isApplied !== 1 && token === this.#token) this.#isBehind = true;
  }
}

function fieldsOf(changes: readonly EntryChange[]): string[] {
  return changes.flatMap((change) => [
    writeField(change),
    change.value === undefined ? "" : JSON.stringify(change.value),
  ]);
}

function readList(answer: unknown): Listed[] {
  const values = Array.isArray(answer) ? (answer as string[]) : [];
  const list: Listed[] = [];
  for (let i = 0; i + 2 < values.length; i += 3) {
    list.push({ id: values[i]!, token: values[i + 1]!, number: Number(values[i + 2]) });
  }
  return list;
}
