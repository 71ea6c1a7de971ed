/** Net effect of additions and removals within a batch, by key. Apply the removals before the additions. */
export class NetRows<Row> {
  readonly #added = new Map<string, Row>();
  readonly #removed = new Map<string, Row>();

  add(key: string, row: Row): void {
    this.#added.set(key, row);
  }

  /** Cancels the addition of a row that the batch itself added. */
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
