import type { ClientState } from "@miscord/client";
import type { Channel } from "@miscord/protocol";

/** The order of a server's channels, categories among them, and the category of each. */
export interface Arrangement {
  readonly ids: readonly number[];
  readonly categoryOf: Readonly<Record<number, number | null>>;
}

export type Channels = Readonly<Record<number, Pick<Channel, "type">>>;

/** A group of the channel list: the text or the voice channels without a category, or those of a category. */
export interface Section {
  readonly kind: "text" | "voice" | "category";
  readonly categoryId: number | null;
  readonly ids: readonly number[];
}

/** Stages are among the voice channels, forums among the text channels. */
export function sectionKindOf(type: Channel["type"] | undefined) {
  return type === "stage" ? "voice" : type === "forum" ? "text" : type;
}

export function arrangementOf({ servers, channels }: Pick<ClientState, "servers" | "channels">, serverId: number) {
  const ids = servers[serverId]?.channelIds ?? [];
  const categoryOf = Object.fromEntries(ids.map((id) => [id, channels[id]?.category_id ?? null]));
  return { ids, categoryOf } satisfies Arrangement;
}

/** The arrangement without these channels; what is in a category among them is in none. */
export function withoutChannels({ ids, categoryOf }: Arrangement, gone: readonly number[]): Arrangement {
  const entries = ids.map((id) => {
    const category = categoryOf[id] ?? null;
    return [id, category !== null && gone.includes(category) ? null : category] as const;
  });
  return { ids: ids.filter((id) => !gone.includes(id)), categoryOf: Object.fromEntries(entries) };
}

export function isSame(one: Arrangement, other: Arrangement): boolean {
  const isEqual = (id: number, index: number) => id === other.ids[index] && one.categoryOf[id] === other.categoryOf[id];
  return one.ids.length === other.ids.length && one.ids.every(isEqual);
}

export function sectionsOf({ ids, categoryOf }: Arrangement, channels: Channels): readonly Section[] {
  const loose = (kind: "text" | "voice"): Section => ({
    kind,
    categoryId: null,
    ids: ids.filter((id) => sectionKindOf(channels[id]?.type) === kind && categoryOf[id] === null),
  });
  const categories = ids.filter((id) => channels[id]?.type === "category");
  return [
    loose("text"),
    loose("voice"),
    ...categories.map((categoryId): Section => {
      return { kind: "category", categoryId, ids: ids.filter((id) => categoryOf[id] === categoryId) };
    }),
  ];
}

/** A row of the list that can be dragged and dropped on. */
export interface Row {
  readonly id: number;
  readonly section: Section;
  readonly isCategory: boolean;
}

/** The order of all channels after some of them were reordered. Channels that `some` leaves out keep their places. */
export function mergeOrder(all: readonly number[], some: readonly number[]): readonly number[] {
  const queue = [...some];
  const shown = new Set(some);
  return all.map((id) => (shown.has(id) ? queue.shift()! : id));
}
