import { parseMessage as parse, type Block } from "@miscord/text";

/** A virtualised list mounts the same messages again and again while one scrolls. */
const cacheSize = 500;
const cache = new Map<string, readonly Block[]>();

/** Reads each text once while it is in sight. */
export function parseMessage(content: string): readonly Block[] {
  const known = cache.get(content);
  if (known) return known;
  const blocks = parse(content);
  if (cache.size >= cacheSize) cache.delete(cache.keys().next().value!);
  cache.set(content, blocks);
  return blocks;
}
