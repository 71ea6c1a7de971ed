import type { NodeId, Shared } from "../contract.ts";
import type { Entry, EntryChange } from "../replica.ts";

/** A message on the channel of changes. Without `changes` the node's entries are to be loaded anew. */
export interface ChangeMessage {
  readonly id: NodeId;
  readonly token: string;
  /** Counts the changes of a lease; -1: the node is gone. */
  readonly number: number;
  readonly changes: readonly EntryChange[] | null;
}

/** Separates map and key in the field of an entry; names of maps do not contain it. */
const separator = " ";

export function writeField({ map, key }: EntryChange): string {
  return `${map}${separator}${key}`;
}

export function readEntry(field: string, value: Shared): Entry {
  const end = field.indexOf(separator);
  return { map: field.slice(0, end), key: field.slice(end + 1), value };
}

export function writeMessage({ id, token, number, changes }: ChangeMessage): string {
  return JSON.stringify(changes ? [id, token, number, changes] : [id, token, number]);
}

/** Null for what is no message of a node; whoever can write to Redis is trusted with the rest. */
export function readMessage(text: string): ChangeMessage | null {
  const parts = parse(text);
  if (!Array.isArray(parts)) return null;
  const [id, token, number, changes] = parts as unknown[];
  if (typeof id !== "string" || typeof token !== "string" || typeof number !== "number") return null;
  return { id, token, number, changes: areChanges(changes) ? changes : null };
}

/** Otherwise the node's entries are loaded, as if the message had none. */
function areChanges(changes: unknown): changes is EntryChange[] {
  const isChange = (one: unknown) => {
    const { map, key } = (one ?? {}) as Partial<EntryChange>;
    return typeof map === "string" && typeof key === "string";
  };
  return Array.isArray(changes) && changes.every(isChange);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
