/**
 * Records events while a request is in flight. The response may be older than these events, so they are applied again
 * on
 * top of it; applying an event that the response already contains must be harmless.
 */
export class EventReplay<Event> {
  readonly #open = new Set<Event[]>();

  record(events: readonly Event[]): void {
    for (const recording of this.#open) recording.push(...events);
  }

  /**
   * Sends the request and calls `apply` with its response and the events recorded since it was sent, in the same task
   * in
   * which the response arrives: no event can come between. Rejects as the request does.
   */
  async during<Answer, Result>(
    request: () => Promise<Answer>,
    apply: (answer: Answer, since: readonly Event[]) => Result,
  ): Promise<Result> {
    const since: Event[] = [];
    this.#open.add(since);
    try {
      return apply(await request(), since);
    } finally {
      this.#open.delete(since);
    }
  }
}
