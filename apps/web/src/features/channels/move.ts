/** The list with the item at `from` taken out and put back so that it stands at `to`. */
export function moveItem<Item>(items: readonly Item[], from: number, to: number): readonly Item[] {
  const rest = items.filter((_, index) => index !== from);
  return [...rest.slice(0, to), items[from]!, ...rest.slice(to)];
}

/**
 * A server's whole order after its visible channels were put into a new one: the hidden ones (voice, for now) keep
 * their places.
 */
export function mergeOrder(all: readonly number[], visible: readonly number[]): readonly number[] {
  const queue = [...visible];
  const shown = new Set(visible);
  return all.map((id) => (shown.has(id) ? queue.shift()! : id));
}
