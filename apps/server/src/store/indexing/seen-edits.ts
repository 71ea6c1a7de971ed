import type { SourceRow } from "../queries/search-source.ts";

/** Most messages that are remembered, the latest; others are indexed once more. */
const remembered = 10_000;

type Edited = Pick<SourceRow, "id" | "edited_at" | "deleted_at">;

/**
 * The edited messages that were indexed. A reaction moves a message in its channel's log, and nothing in the message says
 * whether it was the edit that did.
 */
export class SeenEdits {
  readonly #edits = new Map<number, number>();

  note(rows: readonly Edited[]): void {
    for (const { id, edited_at: editedAt } of rows) {
      this.#edits.delete(id);
      if (editedAt !== null) this.#edits.set(id, editedAt);
    }
    for (const id of this.#edits.keys()) {
      if (this.#edits.size <= remembered) return;
      this.#edits.delete(id);
    }
  }

  /** Whether a message that was indexed before is in the index as it is now. */
  isKnown({ id, edited_at: editedAt, deleted_at: deletedAt }: Edited): boolean {
    return deletedAt === null && (editedAt === null || this.#edits.get(id) === editedAt);
  }
}
