/** Rows that come and go within a batch, reduced to what remains to be done: first remove, then insert. */
export class NetRows<Row> {
  readonly #added = new Map<string, Row>();
  readonly #removed = new Map<string, Row>();

  add(key: string, row: Row): void {
    this.#added.set(key, row);
  }

  /** A row that the batch itself had added is simply forgotten. */
  remove(key: string, row: Row): void {
    if (!this.#added.delete(key)) this.#removed.set(key, row);
  }

  added(): Row[] {
    return [...this.#added.values()];
  }

  removed(): Row[] {
    return [...this.#removed.values()];
  }
}
