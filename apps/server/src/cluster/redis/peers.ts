import type { PeerListener } from "../backend.ts";
import type { NodeId, Shared } from "../contract.ts";
import type { Entry, EntryChange } from "../replica.ts";
import { readEntry, type ChangeMessage } from "./change-message.ts";

/** A living node as Redis lists it: `number` is that of its last change. */
export interface Listed {
  readonly id: NodeId;
  readonly token: string;
  readonly number: number;
}

interface Peer {
  token: string;
  /** The number of the last change that was applied. */
  number: number;
  /** The number that Redis listed last; behind it at the next listing, something was lost. */
  listed: number;
  /** Messages that arrived while the entries are loaded; null while they are not. */
  early: ChangeMessage[] | null;
}

/** Field and value of each entry, after the token. */
export type Load = (id: NodeId) => Promise<readonly string[]>;

/** Follows the entries of the other nodes by numbered messages; after a gap in the numbers it loads them anew. */
export class Peers {
  readonly #nodeId: NodeId;
  readonly #load: Load;
  readonly #listener: PeerListener;
  readonly #peers = new Map<NodeId, Peer>();

  constructor(nodeId: NodeId, load: Load, listener: PeerListener) {
    this.#nodeId = nodeId;
    this.#load = load;
    this.#listener = listener;
  }

  /** The tokens of the known nodes, to be given to `follow` with a list that is asked for now. */
  known(): ReadonlyMap<NodeId, string> {
    return new Map([...this.#peers].map(([id, { token }]) => [id, token]));
  }

  /**
   * Compares with the list of living nodes: drops those that were known before the list was made and are not in it, and
   * loads what is new or behind.
   */
  async follow(list: readonly Listed[], known: ReadonlyMap<NodeId, string>): Promise<void> {
    const living = new Set(list.map(({ id }) => id));
    for (const [id, token] of known) if (!living.has(id)) this.#drop(id, token);
    await Promise.all(list.map((listed) => this.#compare(listed)));
  }

  receive(message: ChangeMessage): void {
    const { id, token, number, changes } = message;
    if (id === this.#nodeId) return;
    const peer = this.#peers.get(id);
    if (number < 0) {
      if (peer) this.#drop(id, peer.token);
      return;
    }
    if (peer?.early) return void peer.early.push(message);
    if (peer?.token === token && number <= peer.number) return;
    if (peer?.token === token && number === peer.number + 1 && changes) this.#apply(peer, message, changes);
    else void this.#reload(id);
  }

  /** Loads all nodes anew, since messages may have been lost. */
  async reloadAll(): Promise<void> {
    await Promise.all([...this.#peers.keys()].map((id) => this.#reload(id)));
  }

  async #compare({ id, token, number }: Listed): Promise<void> {
    if (id === this.#nodeId) return;
    const peer = this.#peers.get(id);
    if (peer?.token !== token || peer.number < peer.listed) await this.#reload(id);
    const current = this.#peers.get(id);
    if (current) current.listed = number;
  }

  #apply(peer: Peer, { id, number }: ChangeMessage, changes: readonly EntryChange[]): void {
    peer.number = number;
    for (const change of changes) this.#listener.changed(id, change);
  }

  async #reload(id: NodeId): Promise<void> {
    const peer = this.#peers.get(id) ?? { token: "", number: -1, listed: 0, early: null };
    if (peer.early) return;
    peer.early = [];
    this.#peers.set(id, peer);
    try {
      const [token, ...fields] = await this.#load(id);
      if (this.#peers.get(id) === peer && token !== undefined) this.#loaded(id, peer, token, fields);
      // A node without a lease is dropped when it is missing in the list.
    } catch {
      // The next comparison with the list loads it.
      peer.token = "";
    } finally {
      const early = peer.early;
      peer.early = null;
      if (this.#peers.get(id) === peer) for (const message of early) this.receive(message);
    }
  }

  #loaded(id: NodeId, peer: Peer, token: string, fields: readonly string[]): void {
    const entries: Entry[] = [];
    for (let i = 0; i < fields.length; i += 2) {
      if (fields[i] === "") peer.number = Number(fields[i + 1]);
      else entries.push(readEntry(fields[i]!, JSON.parse(fields[i + 1]!) as Shared));
    }
    peer.token = token;
    this.#listener.loaded(id, entries);
  }

  #drop(id: NodeId, token: string): void {
    if (this.#peers.get(id)?.token !== token) return;
    this.#peers.delete(id);
    this.#listener.gone(id);
  }
}
