/** Several times the sections of a connection, and those that a client of version 1 adds for each screen that it shows. */
const most = 512;

/**
 * How many sources one connection may send from. The engine keeps the state of each one for as long as the connection lasts, and
 * looks through all of them for each packet, while those of all other connections wait. Browsers have one for each section.
 */
export class SourceLimit {
  readonly #seen = new Set<number>();

  /** Whether the connection may go on. */
  allows(source: number): boolean {
    if (this.#seen.size <= most) this.#seen.add(source);
    return this.#seen.size <= most;
  }
}
