import {
  type Arrangement,
  type Channels,
  mergeOrder,
  type Row,
  type Section,
  sectionKindOf,
  sectionsOf,
} from "./arrangement.ts";

/** The arrangement with the channel in another section, after the channel `after` or as the first. */
export function placed(
  { ids, categoryOf }: Arrangement,
  channelId: number,
  { section, after }: { section: Section; after: number | undefined },
): Arrangement {
  const others = ids.filter((id) => id !== channelId);
  const first = section.ids.find((id) => id !== channelId) ?? section.categoryId;
  const index = after !== undefined ? others.indexOf(after) + 1 : first === null ? 0 : others.indexOf(first);
  const isEmpty = after === undefined && first === section.categoryId && first !== null;
  return {
    ids: others.toSpliced(isEmpty ? index + 1 : index, 0, channelId),
    categoryOf: { ...categoryOf, [channelId]: section.categoryId },
  };
}

/** The arrangement with a category at another place among the categories; channels stay where they are. */
export function withCategoryAt(
  { ids, categoryOf }: Arrangement,
  channels: Channels,
  categoryId: number,
  index: number,
): Arrangement {
  const categories = ids.filter((id) => channels[id]?.type === "category" && id !== categoryId);
  return { ids: mergeOrder(ids, categories.toSpliced(index, 0, categoryId)), categoryOf };
}

/** The arrangement after the row `from` was dropped into a gap: 0 is before the first row. Null when that is nowhere. */
export function dropped(
  arrangement: Arrangement,
  channels: Channels,
  rows: readonly Row[],
  { from, gap }: { from: number; gap: number },
): Arrangement | null {
  const row = rows[from];
  if (!row) return null;
  if (row.isCategory) {
    const before = rows.slice(0, gap).filter((one) => one.isCategory && one.id !== row.id);
    return withCategoryAt(arrangement, channels, row.id, before.length);
  }
  const above = rows.slice(0, gap).findLast((one) => one.id !== row.id);
  if (above?.section.categoryId != null) {
    const after = above.isCategory ? undefined : above.id;
    return placed(arrangement, row.id, { section: above.section, after });
  }
  // Without a category text and voice channels have sections of their own.
  const section = sectionsOf(arrangement, channels).find(({ kind }) => kind === sectionKindOf(channels[row.id]?.type));
  if (!section) return null;
  const isBelow = above !== undefined && above.section.kind !== section.kind && section.kind === "text";
  const after = above?.section.kind === section.kind ? above.id : undefined;
  return placed(arrangement, row.id, { section, after: isBelow ? lastBut(section, row.id) : after });
}

/**
 * One step up or down: of a channel into the next section at the end of one, of a category among the categories. Null at
 * the end of the list.
 */
export function stepped(
  arrangement: Arrangement,
  channels: Channels,
  channelId: number,
  step: 1 | -1,
): Arrangement | null {
  const { type } = channels[channelId] ?? {};
  if (type === "category") {
    const categories = arrangement.ids.filter((id) => channels[id]?.type === "category");
    const index = categories.indexOf(channelId) + step;
    return index < 0 || index >= categories.length ? null : withCategoryAt(arrangement, channels, channelId, index);
  }
  const sections = sectionsOf(arrangement, channels).filter(
    ({ kind }) => kind === "category" || kind === sectionKindOf(type),
  );
  const index = sections.findIndex(({ ids }) => ids.includes(channelId));
  const section = sections[index];
  if (!section) return null;
  const place = section.ids.indexOf(channelId);
  const target = place + step;
  if (target >= 0 && target < section.ids.length) {
    const after = section.ids[step === 1 ? target : target - 1];
    return placed(arrangement, channelId, { section, after });
  }
  const next = sections[index + step];
  return next
    ? placed(arrangement, channelId, { section: next, after: step === -1 ? next.ids.at(-1) : undefined })
    : null;
}

function lastBut({ ids }: Section, channelId: number): number | undefined {
  return ids.findLast((id) => id !== channelId);
}
