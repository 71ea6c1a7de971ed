import type { ChosenStatus, Status } from "@miscord/protocol";
import type { Bus } from "../../bus/contract.ts";
import type { Clock, Timer } from "../../clock.ts";
import type { Presence } from "../ports.ts";
import { publish } from "../publish.ts";

interface Person {
  readonly id: number;
  username: string;
  chosen: ChosenStatus;
  readonly serverIds: Set<number>;
  connections: number;
  /** What the others were told last. */
  told: Status;
  leaving: Timer | null;
}

/** A reconnect takes less; whoever stays away longer has gone. */
const graceMs = 5_000;

/**
 * Presence of this node's people: one person however many tabs. Only changes are told, to the servers of the person;
 * delivery merges them and says them at most once a second.
 */
export class LivePresence implements Presence {
  readonly #bus: Bus;
  readonly #clock: Clock;
  readonly #people = new Map<number, Person>();

  constructor(options: { bus: Bus; clock: Clock }) {
    this.#bus = options.bus;
    this.#clock = options.clock;
  }

  statusOf(userId: number): Status {
    const person = this.#people.get(userId);
    return person ? visible(person.chosen) : "offline";
  }

  get size(): number {
    return this.#people.size;
  }

  connected(user: { id: number; username: string }, serverIds: readonly number[], chosen: ChosenStatus): void {
    const person = this.#people.get(user.id) ?? this.#enter(user);
    person.leaving?.cancel();
    person.leaving = null;
    person.connections += 1;
    person.username = user.username;
    person.chosen = chosen;
    for (const serverId of serverIds) person.serverIds.add(serverId);
    this.#tell(person, visible(chosen));
  }

  disconnected(userId: number): void {
    const person = this.#people.get(userId);
    if (!person) return;
    person.connections -= 1;
    if (person.connections > 0) return;
    person.leaving = this.#clock.setTimeout(() => {
      this.#people.delete(userId);
      this.#tell(person, "offline");
    }, graceMs);
  }

  statusChosen(user: { id: number; username: string }, status: ChosenStatus): void {
    const person = this.#people.get(user.id);
    if (!person) return;
    person.username = user.username;
    person.chosen = status;
    this.#tell(person, visible(status));
  }

  joinedServer(userId: number, serverId: number): void {
    const person = this.#people.get(userId);
    if (!person || person.serverIds.has(serverId)) return;
    person.serverIds.add(serverId);
    if (person.told !== "offline") this.#tellServer(person, serverId);
  }

  leftServer(userId: number, serverId: number): void {
    this.#people.get(userId)?.serverIds.delete(serverId);
  }

  #enter({ id, username }: { id: number; username: string }): Person {
    const person: Person = {
      id,
      username,
      chosen: "online",
      serverIds: new Set(),
      connections: 0,
      told: "offline",
      leaving: null,
    };
    this.#people.set(id, person);
    return person;
  }

  #tell(person: Person, status: Status): void {
    if (person.told === status) return;
    person.told = status;
    for (const serverId of person.serverIds) this.#tellServer(person, serverId);
  }

  #tellServer({ id, username, told }: Person, serverId: number): void {
    publish({ bus: this.#bus }, `server:${serverId}`, {
      type: "user_status_changed",
      user_id: id,
      username,
      status: told,
      timestamp: this.#clock.now() / 1_000,
    });
  }
}

function visible(chosen: ChosenStatus): Status {
  return chosen === "invisible" ? "offline" : chosen;
}
