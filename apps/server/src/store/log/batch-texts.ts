import type { ForwardRow } from "../message-tables.ts";
import { picturesIn, previewsOf } from "../previews-column.ts";
import type { MessageRow } from "../schema.ts";
import type { Facts } from "./facts.ts";
import type { LogChanges } from "./transaction.ts";

/** What the messages of a batch have besides their present text: earlier ones, what they forward, pictures of previews. */
export class BatchTexts {
  readonly #forwards: Facts["forwards"];
  #earlier: LogChanges["newEarlierTexts"] = [];
  readonly #removed = new Set<number>();
  readonly #newForwards = new Map<number, ForwardRow>();
  /** By message id. */
  readonly #previewPictures = new Map<number, readonly string[]>();

  constructor({ forwards }: Pick<Facts, "forwards">) {
    this.#forwards = forwards;
  }

  /** Keeps what the message says now, before an edit. */
  keep({ id, author_id, content, created_at, edited_at }: MessageRow): void {
    this.#earlier.push({ message_id: id, author_id, content, written_at: edited_at ?? created_at });
  }

  forwardOf(messageId: number): ForwardRow | undefined {
    return this.#forwards.get(messageId);
  }

  addForward(row: ForwardRow): void {
    this.#forwards.set(row.message_id, row);
    this.#newForwards.set(row.message_id, row);
  }

  /** Notes the pictures of the previews that the message has now. */
  showPreviews(row: Pick<MessageRow, "id" | "previews">): void {
    this.#previewPictures.set(row.id, picturesIn(previewsOf(row)));
  }

  /** All of it, of a message that is deleted. */
  remove(messageId: number): void {
    this.#earlier = this.#earlier.filter((row) => row.message_id !== messageId);
    this.#newForwards.delete(messageId);
    this.#forwards.delete(messageId);
    this.#removed.add(messageId);
    this.#previewPictures.set(messageId, []);
  }

  changes(): Pick<
    LogChanges,
    "newEarlierTexts" | "removedTexts" | "newForwards" | "changedPreviews" | "newPreviewPictures"
  > {
    const shown = [...this.#previewPictures];
    return {
      newEarlierTexts: this.#earlier,
      removedTexts: [...this.#removed].map((message_id) => ({ message_id })),
      newForwards: [...this.#newForwards.values()],
      changedPreviews: shown.map(([message_id]) => ({ message_id })),
      newPreviewPictures: shown.flatMap(([message_id, ids]) => ids.map((picture) => ({ message_id, picture }))),
    };
  }
}
