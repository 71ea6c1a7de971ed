import type { CustomEmoji } from "@miscord/protocol";
import type { Kysely } from "kysely";
import type { Tables } from "../schema.ts";
import type { EmojiTable } from "./emojis.ts";
import { storeSetting } from "./instance.ts";

type Db = Kysely<Tables>;

/** An emoji or a sticker of the instance, which everybody may use: an entry of the setting `emojis` or `stickers`. */
export interface InstanceEmoji extends CustomEmoji {
  picture_id: string;
}

/** Ascending by their ids. */
export async function instanceEmojis(db: Db, table: EmojiTable): Promise<InstanceEmoji[]> {
  const row = await db.selectFrom("instance_settings").where("name", "=", table).select("value").executeTakeFirst();
  return row ? (JSON.parse(row.value) as InstanceEmoji[]) : [];
}

/** In place of those that were there. */
export function storeInstanceEmojis(db: Db, table: EmojiTable, emojis: readonly InstanceEmoji[]): Promise<void> {
  const sorted = emojis.toSorted((a, b) => a.id - b.id);
  return storeSetting(db, table, sorted.length === 0 ? null : JSON.stringify(sorted));
}

export function presentInstanceEmoji({ id, name, animated, aliases }: InstanceEmoji): CustomEmoji {
  return { id, name, animated, aliases };
}
