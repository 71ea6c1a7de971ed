import { createHash } from "node:crypto";
import type { Table } from "./catalogue.ts";

export type Value = string | number | null;

const digestBytes = 32;

interface Checksum {
  rows: number;
  digest: Buffer;
}

/**
 * Number of rows and a checksum of every table, of messages for each channel. The checksum does not depend on the order
 * of the rows, in which databases differ.
 */
export class Checksums {
  readonly #parts = new Map<string, Checksum>();

  add(table: Table, values: readonly Value[]): void {
    const part = partOf(table, values);
    let checksum = this.#parts.get(part);
    if (!checksum) this.#parts.set(part, (checksum = { rows: 0, digest: Buffer.alloc(digestBytes) }));
    const digest = createHash("sha256").update(JSON.stringify(values)).digest();
    for (let index = 0; index < digestBytes; index += 1) checksum.digest[index]! ^= digest[index]!;
    checksum.rows += 1;
  }

  /** Rows of a table in all of its parts. */
  rowsOf(table: Table): number {
    const parts = [...this.#parts].filter(([part]) => part.split(" ")[0] === table.name);
    return parts.reduce((sum, [, { rows }]) => sum + rows, 0);
  }

  /** The first part that differs from the other checksums, with the numbers of rows; null when all are equal. */
  difference(other: Checksums): string | null {
    for (const part of new Set([...this.#parts.keys(), ...other.#parts.keys()])) {
      const [mine, theirs] = [this.#parts.get(part), other.#parts.get(part)];
      if (mine && theirs && mine.rows === theirs.rows && mine.digest.equals(theirs.digest)) continue;
      return `${part}: ${mine?.rows ?? 0} rows and ${theirs?.rows ?? 0}`;
    }
    return null;
  }
}

function partOf({ name, columns }: Table, values: readonly Value[]): string {
  if (name !== "messages") return name;
  return `${name} of channel ${values[columns.findIndex((column) => column.name === "channel_id")]}`;
}
