import type { ChosenStatus, Status } from "@miscord/protocol";
import type { Bus } from "../../bus/contract.ts";
import type { Clock, Timer } from "../../clock.ts";
import { setDeadline } from "../../concurrency/deadline.ts";
import type { Presence } from "../ports.ts";
import { publish } from "../publish.ts";

interface PresentUser {
  readonly id: number;
  username: string;
  chosen: ChosenStatus;
  readonly serverIds: Set<number>;
  connections: number;
  /** The status published last. */
  published: Status;
  leaving: Timer | null;
}

/** A reconnect within this time does not show as offline. */
const graceMs = 5_000;

/**
 * Presence of the users connected to this node; several connections of a user count as one. Only changes are published,
 * to every server of the user; delivery merges them and sends them at most once a second.
 */
export class LivePresence implements Presence {
  readonly #bus: Bus;
  readonly #clock: Clock;
  readonly #users = new Map<number, PresentUser>();

  constructor(options: { bus: Bus; clock: Clock }) {
    this.#bus = options.bus;
    this.#clock = options.clock;
  }

  statusOf(userId: number): Status {
    const present = this.#users.get(userId);
    return present ? visible(present.chosen) : "offline";
  }

  /** Users with a connection on this node, or that lost theirs within the last five seconds. */
  get size(): number {
    return this.#users.size;
  }

  /** Adds a connection of the user. Each call needs one `disconnected`. */
  connected(user: { id: number; username: string }, serverIds: readonly number[], chosen: ChosenStatus): void {
    const present = this.#users.get(user.id) ?? this.#enter(user);
    present.leaving?.cancel();
    present.leaving = null;
    present.connections += 1;
    present.username = user.username;
    present.chosen = chosen;
    for (const serverId of serverIds) present.serverIds.add(serverId);
    this.#publishStatus(present, visible(chosen));
  }

  /** Removes a connection; without another one within five seconds the user becomes offline. */
  disconnected(userId: number): void {
    const present = this.#users.get(userId);
    if (!present) return;
    present.connections -= 1;
    if (present.connections > 0) return;
    const becomeOffline = () => {
      this.#users.delete(userId);
      this.#publishStatus(present, "offline");
    };
    present.leaving = setDeadline(this.#clock, becomeOffline, graceMs);
  }

  statusChosen(user: { id: number; username: string }, status: ChosenStatus): void {
    const present = this.#users.get(user.id);
    if (!present) return;
    present.username = user.username;
    present.chosen = status;
    this.#publishStatus(present, visible(status));
  }

  joinedServer(userId: number, serverId: number): void {
    const present = this.#users.get(userId);
    if (!present || present.serverIds.has(serverId)) return;
    present.serverIds.add(serverId);
    if (present.published !== "offline") this.#publishTo(present, serverId);
  }

  leftServer(userId: number, serverId: number): void {
    this.#users.get(userId)?.serverIds.delete(serverId);
  }

  #enter({ id, username }: { id: number; username: string }): PresentUser {
    const present: PresentUser = {
      id,
      username,
      chosen: "online",
      serverIds: new Set(),
      connections: 0,
      published: "offline",
      leaving: null,
    };
    this.#users.set(id, present);
    return present;
  }

  #publishStatus(present: PresentUser, status: Status): void {
    if (present.published === status) return;
    present.published = status;
    for (const serverId of present.serverIds) this.#publishTo(present, serverId);
  }

  #publishTo({ id, username, published }: PresentUser, serverId: number): void {
    publish({ bus: this.#bus }, `server:${serverId}`, {
      type: "user_status_changed",
      user_id: id,
      username,
      status: published,
      timestamp: this.#clock.now() / 1_000,
    });
  }
}

function visible(chosen: ChosenStatus): Status {
  return chosen === "invisible" ? "offline" : chosen;
}
