import type { NodeId, Shared, SharedMap } from "./contract.ts";

/** One change of a node's entries; without a value, the entry is deleted. */
export interface EntryChange {
  readonly map: string;
  readonly key: string;
  readonly value?: Shared;
}

/** An entry of a node. */
export type Entry = Required<EntryChange>;

type ChangeListener = (key: string, nodeId: NodeId, value: Shared | undefined) => void;

const none: ReadonlyMap<NodeId, never> = new Map<NodeId, never>();

/** This node's copy of what all living nodes share: their ids and their entries. */
export class Replica {
  readonly nodeId: NodeId;
  readonly nodes = new Set<NodeId>();
  readonly #maps = new Map<string, ReplicaMap>();
  readonly #goneListeners: ((nodeId: NodeId) => void)[] = [];
  readonly #onOwnChange: (change: EntryChange) => void;

  /** `onOwnChange` receives each change that this node makes. */
  constructor(nodeId: NodeId, onOwnChange: (change: EntryChange) => void) {
    this.nodeId = nodeId;
    this.#onOwnChange = onOwnChange;
    this.nodes.add(nodeId);
  }

  map<Value extends Shared>(name: string): SharedMap<Value> {
    return this.#map(name) as SharedMap<Shared> as SharedMap<Value>;
  }

  onNodeGone(listener: (nodeId: NodeId) => void): void {
    this.#goneListeners.push(listener);
  }

  ownEntries(): Entry[] {
    return [...this.#maps.values()].flatMap((map) => map.entriesOf(this.nodeId));
  }

  /** Applies a change of another node, which is alive. */
  apply(nodeId: NodeId, { map, key, value }: EntryChange): void {
    this.nodes.add(nodeId);
    this.#map(map).put(key, nodeId, value);
  }

  /** Makes these the only entries of another node, which is alive. Listeners are called for what differs. */
  replace(nodeId: NodeId, entries: readonly Entry[]): void {
    this.nodes.add(nodeId);
    const keys = Map.groupBy(entries, ({ map }) => map);
    for (const map of this.#maps.values()) {
      const kept = new Set(keys.get(map.name)?.map(({ key }) => key));
      for (const { key } of map.entriesOf(nodeId)) if (!kept.has(key)) map.put(key, nodeId, undefined);
    }
    for (const { map, key, value } of entries) this.#map(map).putNew(key, nodeId, value);
  }

  /** Drops what belongs to a node that is gone. */
  drop(nodeId: NodeId): void {
    if (nodeId === this.nodeId || !this.nodes.has(nodeId)) return;
    this.nodes.delete(nodeId);
    for (const map of this.#maps.values()) map.removeAll(nodeId);
    for (const listener of this.#goneListeners) listener(nodeId);
  }

  /** Drops all nodes that are not among these. */
  keepOnly(living: readonly NodeId[]): void {
    for (const nodeId of this.nodes) if (!living.includes(nodeId)) this.drop(nodeId);
  }

  #map(name: string): ReplicaMap {
    const known = this.#maps.get(name);
    if (known) return known;
    const map = new ReplicaMap(name, this.nodeId, (key, value) =>
      this.#onOwnChange(value === undefined ? { map: name, key } : { map: name, key, value }),
    );
    this.#maps.set(name, map);
    return map;
  }
}

class ReplicaMap implements SharedMap<Shared> {
  readonly name: string;
  readonly #nodeId: NodeId;
  readonly #onOwnChange: (key: string, value: Shared | undefined) => void;
  readonly #byKey = new Map<string, Map<NodeId, Shared>>();
  /** Keys by node, so that a node's entries are found without a look at all others. */
  readonly #keys = new Map<NodeId, Set<string>>();
  readonly #listeners: ChangeListener[] = [];

  constructor(name: string, nodeId: NodeId, onOwnChange: (key: string, value: Shared | undefined) => void) {
    this.name = name;
    this.#nodeId = nodeId;
    this.#onOwnChange = onOwnChange;
  }

  set(key: string, value: Shared): void {
    this.put(key, this.#nodeId, value);
    this.#onOwnChange(key, value);
  }

  delete(key: string): void {
    if (!this.#byKey.get(key)?.has(this.#nodeId)) return;
    this.put(key, this.#nodeId, undefined);
    this.#onOwnChange(key, undefined);
  }

  get(key: string): ReadonlyMap<NodeId, Shared> {
    return this.#byKey.get(key) ?? none;
  }

  keys(): Iterable<string> {
    return this.#byKey.keys();
  }

  onChange(listener: ChangeListener): void {
    this.#listeners.push(listener);
  }

  put(key: string, nodeId: NodeId, value: Shared | undefined): void {
    if (value === undefined) {
      const entries = this.#byKey.get(key);
      if (!entries?.delete(nodeId)) return;
      if (entries.size === 0) this.#byKey.delete(key);
      this.#keys.get(nodeId)?.delete(key);
    } else {
      entryIn(this.#byKey, key, () => new Map<NodeId, Shared>()).set(nodeId, value);
      entryIn(this.#keys, nodeId, () => new Set<string>()).add(key);
    }
    for (const listener of this.#listeners) listener(key, nodeId, value);
  }

  /** `put` that calls nobody when the entry has this value already. */
  putNew(key: string, nodeId: NodeId, value: Shared): void {
    const known = this.#byKey.get(key)?.get(nodeId);
    if (known === undefined || JSON.stringify(known) !== JSON.stringify(value)) this.put(key, nodeId, value);
  }

  removeAll(nodeId: NodeId): void {
    for (const key of this.#keys.get(nodeId) ?? []) this.put(key, nodeId, undefined);
  }

  entriesOf(nodeId: NodeId): Entry[] {
    const keys = this.#keys.get(nodeId) ?? [];
    return [...keys].map((key) => ({ map: this.name, key, value: this.#byKey.get(key)!.get(nodeId)! }));
  }
}

function entryIn<Key, Value>(map: Map<Key, Value>, key: Key, create: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const value = create();
  map.set(key, value);
  return value;
}
