import type { Clock } from "../clock.ts";
import type { MediaBackend, RoutedRoom } from "./routing.ts";

/** How long after its second participant a call gathers: until then its region is chosen anew with each who comes. */
const gatheringMs = 10_000;
/** Who asks for so many new connections within this time has none. Clients ask every few seconds while theirs does not come about. */
const vainRequests = 2;
const vainMs = 20_000;

/** What the choice for a room depends on besides who is in it now: how long they have been, and which regions they did not reach. */
export class MediaPlacing {
  readonly #clock: Clock;
  readonly #named: string | null;
  /** Null: there are not two participants. */
  #gathersSince: number | null = null;
  /** When each participant asked for a new connection in the present region. */
  readonly #requests = new Map<number, number[]>();
  readonly #excluded = new Set<string>();

  constructor(clock: Clock, named: string | null) {
    this.#clock = clock;
    this.#named = named;
  }

  /** The room while so many are in it, and somebody has just come, or not. */
  room(present: MediaBackend | null, { count, hasCome }: { count: number; hasCome: boolean }): RoutedRoom {
    if (count < 2) this.#gathersSince = null;
    else this.#gathersSince ??= this.#clock.monotonic();
    const isSettled = !hasCome || this.#hasGathered;
    return { named: this.#named, present, isSettled, excluded: this.#excluded };
  }

  get #hasGathered(): boolean {
    return this.#gathersSince !== null && this.#clock.monotonic() - this.#gathersSince >= gatheringMs;
  }

  /**
   * A participant asks for a new connection. Returns whether the region is given up: at least half of the participants ask
   * again and again, so that the fault is not with one of them. As with a firewall that lets the pings through and no media.
   */
  asksAgain(userId: number, region: string | null, count: number): boolean {
    const now = this.#clock.monotonic();
    const recent = (this.#requests.get(userId) ?? []).filter((at) => now - at < vainMs);
    this.#requests.set(userId, [...recent, now].slice(-vainRequests));
    const inVain = [...this.#requests.values()].filter((times) => times.length === vainRequests);
    if (region === null || inVain.length * 2 < count) return false;
    this.#excluded.add(region);
    return true;
  }

  left(userId: number): void {
    this.#requests.delete(userId);
  }

  /** The participants have connections elsewhere now. */
  moved(): void {
    this.#requests.clear();
  }
}
