import type { Clock, Timer } from "../../clock.ts";
import type { ClusterBackend, PeerListener, Take } from "../backend.ts";
import type { NodeId } from "../contract.ts";
import type { Entry, EntryChange } from "../replica.ts";
import type { HubAnswer, HubMessage, HubRequest, NodePort } from "./messages.ts";

export interface HubBackendOptions {
  readonly nodeId: NodeId;
  readonly clock: Clock;
  readonly port: NodePort;
  readonly leaseMs: number;
}

interface Pending {
  readonly resolve: (value: HubAnswer) => void;
  readonly reject: (error: Error) => void;
  readonly sentAt: number;
}

type WithoutId<Request> = Request extends HubRequest ? Omit<Request, "id"> : never;

const timeoutMs = 1_000;
const checkMs = 250;

/** A node's side of the channel to a hub. */
export class HubBackend implements ClusterBackend {
  readonly #options: HubBackendOptions;
  readonly #peers: PeerListener;
  readonly #pending = new Map<number, Pending>();
  readonly #timeouts: Timer;
  #id = 0;

  constructor(options: HubBackendOptions, peers: PeerListener) {
    this.#options = options;
    this.#peers = peers;
    options.port.onMessage((message) => this.#receive(message));
    this.#timeouts = options.clock.setInterval(() => this.#expire(), checkMs);
  }

  open(): Promise<void> {
    return Promise.resolve();
  }

  loaded(): Promise<void> {
    // The hub reports them before it answers to the join.
    return Promise.resolve();
  }

  async join(entries: readonly Entry[]): Promise<void> {
    const { nodeId, leaseMs } = this.#options;
    await this.#ask({ type: "join", nodeId, leaseMs, entries });
  }

  async renew(): Promise<boolean> {
    return (await this.#ask({ type: "renew" })) === true;
  }

  change(change: EntryChange): void {
    this.#options.port.send({ type: "change", change });
  }

  async take(take: Take): Promise<number> {
    return Number(await this.#ask({ type: "take", take }));
  }

  async force(takes: readonly Take[]): Promise<number[]> {
    return (await this.#ask({ type: "force", takes })) as number[];
  }

  refund(refund: Omit<Take, "cost">): void {
    this.#options.port.send({ type: "refund", refund });
  }

  async claim(name: string): Promise<NodeId> {
    return String(await this.#ask({ type: "claim", name }));
  }

  async release(name: string): Promise<void> {
    await this.#ask({ type: "release", name });
  }

  async ping(): Promise<void> {
    await this.#ask({ type: "ping" });
  }

  async close(): Promise<void> {
    // Without an answer the lease ends by itself.
    await this.#ask({ type: "leave" }).catch(() => {});
    this.#timeouts.cancel();
  }

  #ask(request: WithoutId<HubRequest>): Promise<HubAnswer> {
    const id = (this.#id += 1);
    const { promise, resolve, reject } = Promise.withResolvers<HubAnswer>();
    this.#pending.set(id, { resolve, reject, sentAt: this.#options.clock.monotonic() });
    this.#options.port.send({ ...request, id });
    return promise;
  }

  #receive(message: HubMessage): void {
    switch (message.type) {
      case "answer":
        this.#settle(message.id)?.resolve(message.value);
        break;
      case "refused":
        this.#settle(message.id)?.reject(new Error(message.reason));
        break;
      case "loaded":
        this.#peers.loaded(message.nodeId, message.entries);
        break;
      case "changed":
        this.#peers.changed(message.nodeId, message.change);
        break;
      case "living":
        this.#peers.living(message.nodeIds);
        break;
      case "gone":
        this.#peers.gone(message.nodeId);
    }
  }

  #settle(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    return pending;
  }

  #expire(): void {
    const before = this.#options.clock.monotonic() - timeoutMs;
    for (const [id, { sentAt, reject }] of this.#pending) {
      if (sentAt > before) return;
      this.#pending.delete(id);
      reject(new Error("The cluster's hub did not answer in time."));
    }
  }
}
