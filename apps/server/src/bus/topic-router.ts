/** Which links have subscribed to which topic. Joins nodes within one process, or workers through their primary. */
export class TopicRouter<Link> {
  readonly #links = new Map<string, Set<Link>>();
  readonly #topics = new Map<Link, Set<string>>();

  subscribe(link: Link, topic: string): void {
    getOrCreate(this.#links, topic).add(link);
    getOrCreate(this.#topics, link).add(topic);
  }

  unsubscribe(link: Link, topic: string): void {
    this.#topics.get(link)?.delete(topic);
    const links = this.#links.get(topic);
    links?.delete(link);
    if (links?.size === 0) this.#links.delete(topic);
  }

  /** Ends all subscriptions of the link. */
  remove(link: Link): void {
    for (const topic of this.#topics.get(link) ?? []) this.unsubscribe(link, topic);
    this.#topics.delete(link);
  }

  linksOf(topic: string): Iterable<Link> {
    return this.#links.get(topic) ?? [];
  }

  get topicCount(): number {
    return this.#links.size;
  }
}

function getOrCreate<Key, Value>(map: Map<Key, Set<Value>>, key: Key): Set<Value> {
  let values = map.get(key);
  if (!values) map.set(key, (values = new Set()));
  return values;
}
