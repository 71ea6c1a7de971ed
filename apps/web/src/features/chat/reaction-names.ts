const maxNamed = 8;

export interface ReactionNames {
  /** Those whose names are known, oneself first. */
  names: readonly string[];
  others: number;
}

/** Who reacted, for the tooltip. People who have left are only counted. */
export function reactionNames(
  userIds: readonly number[],
  {
    count,
    meId,
    you,
    nameOf,
  }: { count: number; meId: number; you: string; nameOf: (id: number) => string | undefined },
): ReactionNames {
  const ordered = userIds.includes(meId) ? [meId, ...userIds.filter((id) => id !== meId)] : userIds;
  const names = ordered.flatMap((id) => (id === meId ? you : (nameOf(id) ?? []))).slice(0, maxNamed);
  return { names, others: Math.max(0, count - names.length) };
}
