/**
 * Remembers what happens while an answer is under way. The answer may be older than that, so it is done once more on top
 * of it; that has to be harmless for what the answer already knew.
 */
export class EventReplay<Event> {
  readonly #open = new Set<Event[]>();

  record(events: readonly Event[]): void {
    for (const recording of this.#open) recording.push(...events);
  }

  /**
   * Asks, and in the same turn in which the answer comes hands it to `use` with what was recorded since the question:
   * nothing can happen between the two. Rejects as the question does.
   */
  async during<Answer, Result>(
    question: () => Promise<Answer>,
    use: (answer: Answer, since: readonly Event[]) => Result,
  ): Promise<Result> {
    const since: Event[] = [];
    this.#open.add(since);
    try {
      return use(await question(), since);
    } finally {
      this.#open.delete(since);
    }
  }
}
