import { isDeepStrictEqual } from "node:util";
import type { ChosenStatus, CustomStatus, MainEvent, SeenPresence, Status } from "@miscord/protocol";
import type { Clock, Timer } from "../../clock.ts";
import type { Cluster, NodeId, SharedMap } from "../../cluster/contract.ts";
import { setDeadline } from "../../concurrency/deadline.ts";
import { hasEnded } from "../../store/queries/own-profile.ts";
import type { Presence, StatusChoice } from "../ports.ts";
import { StatusChoices } from "./status-choices.ts";

/** A user's entry of one node: the user is connected there, or was within the grace. */
type PresenceEntry = Readonly<{
  username: string;
  chosen: ChosenStatus;
  /** It may have ended. Absent on nodes of earlier versions. */
  custom?: CustomStatus | null;
  /** When the status was chosen or read from the database, in milliseconds since the epoch. The latest choice counts. */
  chosenAt: number;
  serverIds: readonly number[];
  /** Users who see the status besides the members of the servers; absent on nodes of earlier versions. */
  peerIds?: readonly number[];
}>;

/** A user who is connected to this node, or was within the grace. */
interface LocalUser {
  username: string;
  chosen: ChosenStatus;
  custom: CustomStatus | null;
  chosenAt: number;
  readonly serverIds: Set<number>;
  peerIds: readonly number[];
  connections: number;
  leaving: Timer | null;
}

/** A user who is connected to any node, as this node's clients have been told. */
interface SeenUser {
  username: string;
  status: Status;
  /** It may have ended. */
  custom: CustomStatus | null;
  /** Of the servers and users who see the status. */
  topics: ReadonlySet<AudienceTopic>;
  /** Runs while no node has an entry, since the node that had one is gone. */
  fading: Timer | null;
}

type AudienceTopic = `server:${number}` | `user:${number}`;
type EventListener = (topic: AudienceTopic, event: MainEvent) => void;

/** A reconnect within this time does not show as offline. */
const graceMs = 5_000;

/**
 * Presence of the users connected to any node; several connections of a user count as one. Each node has an entry in a
 * shared map for each of its users, and sends its own clients an event whenever the entries together show a change. So
 * every client receives a change once, whichever node it arose on, and no message between nodes can be lost on the way.
 */
export class LivePresence implements Presence {
  readonly #cluster: Pick<Cluster, "nodeId" | "nodes">;
  readonly #clock: Clock;
  readonly #entries: SharedMap<PresenceEntry>;
  readonly #choices: StatusChoices;
  readonly #local = new Map<number, LocalUser>();
  readonly #seen = new Map<number, SeenUser>();
  #listener: EventListener = () => {};

  constructor({ cluster, clock }: { cluster: Cluster; clock: Clock }) {
    this.#cluster = cluster;
    this.#clock = clock;
    this.#entries = cluster.map("presence");
    this.#choices = new StatusChoices({ cluster, clock });
    for (const key of this.#entries.keys()) this.#show(Number(key), [...this.#entries.get(key).values()]);
    this.#entries.onChange((key, nodeId, entry) => this.#changed(Number(key), nodeId, entry));
    this.#choices.onChoice((userId, choice) => {
      const user = this.#local.get(userId);
      if (user && choice.chosenAt > user.chosenAt) this.#share(userId, Object.assign(user, choice));
    });
  }

  /** Sets the only listener. It receives the changes of status, for the clients of this node. */
  onEvent(listener: EventListener): void {
    this.#listener = listener;
  }

  statusOf(userId: number): Status {
    return this.#seen.get(userId)?.status ?? "offline";
  }

  seenOf(userId: number): SeenPresence {
    const seen = this.#seen.get(userId);
    return seen ? this.#present(seen.status, seen.custom) : { status: "offline" };
  }

  onlineIn(serverId: number): number[] {
    const topic = `server:${serverId}` as const;
    const online: number[] = [];
    // Of all users of the instance: a copy of them would take several times as long.
    for (const [userId, { status, topics }] of this.#seen) {
      if (status !== "offline" && topics.has(topic)) online.push(userId);
    }
    return online;
  }

  /** Users with a connection on this node, or that lost theirs within the last five seconds. */
  get size(): number {
    return this.#local.size;
  }

  /**
   * Adds a connection of the user. Each call needs one `disconnected`. `readAt`: when its status was read, in milliseconds since
   * the epoch; the user may have chosen another one while the connection was set up.
   */
  connected(
    user: { id: number; username: string },
    serverIds: readonly number[],
    read: StatusChoice,
    peerIds: readonly number[] = [],
    readAt = this.#clock.now(),
  ): void {
    const { username } = user;
    const known = this.#local.get(user.id);
    const choices = this.#choices.of(user.id).filter((one) => one.chosenAt >= readAt);
    const dated = [...choices, { ...read, chosenAt: readAt }, ...(known ? [known] : [])];
    const { chosen, custom, chosenAt } = dated.reduce(latestOf);
    const choice = { username, chosen, custom, chosenAt };
    const local = known ?? { ...choice, serverIds: new Set(), peerIds, connections: 0, leaving: null };
    this.#local.set(user.id, local);
    // Nobody has heard meanwhile of a server that they are no longer in.
    const left = local.connections === 0 ? local.serverIds.difference(new Set(serverIds)) : [];
    let hasLeft = false;
    for (const serverId of left) hasLeft = local.serverIds.delete(serverId);
    local.leaving?.cancel();
    local.leaving = null;
    local.connections += 1;
    const isOther = chosen !== local.chosen || !isDeepStrictEqual(custom, local.custom);
    const isNew = !known || username !== local.username || isOther;
    const hasNewServer = serverIds.some((id) => !local.serverIds.has(id));
    const hasOtherPeers = !isSame(peerIds, local.peerIds);
    for (const serverId of serverIds) local.serverIds.add(serverId);
    if (!isNew && !hasNewServer && !hasLeft && !hasOtherPeers) return;
    this.#share(user.id, Object.assign(local, { ...choice, peerIds }));
  }

  /** Removes a connection; without another one within five seconds the user is no longer present on this node. */
  disconnected(userId: number): void {
    const user = this.#local.get(userId);
    if (!user) return;
    user.connections -= 1;
    if (user.connections > 0) return;
    const leave = () => {
      this.#local.delete(userId);
      this.#entries.delete(String(userId));
    };
    user.leaving = setDeadline(this.#clock, leave, graceMs);
  }

  statusChosen({ id, username }: { id: number; username: string }, { chosen, custom }: StatusChoice): void {
    const entries = [...this.#entries.get(String(id)).values()];
    // The clocks of the nodes may differ: a choice is later than all that came before it.
    const chosenAt = Math.max(this.#clock.now(), ...entries.map((entry) => entry.chosenAt + 1));
    const user = this.#local.get(id);
    const choice = { username, chosen, custom, chosenAt };
    if (user) this.#share(id, Object.assign(user, choice));
    // Also for connections that are being set up.
    this.#choices.announce(id, choice);
  }

  joinedServer(userId: number, serverId: number): void {
    const user = this.#local.get(userId);
    if (!user || user.serverIds.has(serverId)) return;
    user.serverIds.add(serverId);
    this.#share(userId, user);
  }

  leftServer(userId: number, serverId: number): void {
    const user = this.#local.get(userId);
    if (user?.serverIds.delete(serverId)) this.#share(userId, user);
  }

  /** Sets who sees the user's status besides the members of their servers. */
  setPeers(userId: number, peerIds: readonly number[]): void {
    const user = this.#local.get(userId);
    if (user && !isSame(peerIds, user.peerIds)) this.#share(userId, Object.assign(user, { peerIds }));
  }

  #share(userId: number, { username, chosen, custom, chosenAt, serverIds, peerIds }: LocalUser): void {
    this.#entries.set(String(userId), { username, chosen, custom, chosenAt, serverIds: [...serverIds], peerIds });
  }

  #changed(userId: number, nodeId: NodeId, entry: PresenceEntry | undefined): void {
    const isLost = entry === undefined && !this.#cluster.nodes.has(nodeId);
    const entries = [...this.#entries.get(String(userId)).values()];
    const seen = this.#seen.get(userId);
    if (entries.length > 0) return this.#show(userId, entries);
    if (!seen || seen.fading) return;
    // The connections of a node that is gone may come back to another.
    if (isLost) seen.fading = setDeadline(this.#clock, () => this.#forget(userId), graceMs);
    else this.#forget(userId);
  }

  #show(userId: number, entries: readonly PresenceEntry[]): void {
    const latest = entries.reduce(latestOf);
    const status = latest.chosen === "invisible" ? "offline" : latest.chosen;
    const topics = new Set(entries.flatMap(topicsOf));
    // Own status, which the members of own servers see, too.
    if (entries.every(({ serverIds }) => serverIds.length === 0)) topics.add(`user:${userId}`);
    const before = this.#seen.get(userId);
    before?.fading?.cancel();
    const { username, custom = null } = latest;
    this.#seen.set(userId, { username, status, custom, topics, fading: null });
    const shown = before ? this.#present(before.status, before.custom) : { status: "offline" };
    const isChange = !isDeepStrictEqual(shown, this.#present(status, custom));
    for (const topic of topics) {
      if (isChange || (status !== "offline" && !before?.topics.has(topic))) this.#send(userId, topic);
    }
    if (!before || before.status === "offline") return;
    for (const topic of before.topics) {
      if (!topics.has(topic) && this.#losesSight(topic, topics)) this.#send(userId, topic, "offline");
    }
  }

  #forget(userId: number): void {
    const seen = this.#seen.get(userId);
    if (!seen) return;
    if (seen.status !== "offline") {
      seen.status = "offline";
      for (const topic of seen.topics) this.#send(userId, topic);
    }
    this.#seen.delete(userId);
  }

  /** Whether a user who was shown the status is not any more; those who leave a server forget its members. */
  #losesSight(topic: AudienceTopic, topics: ReadonlySet<AudienceTopic>): boolean {
    if (!topic.startsWith("user:")) return false;
    const own = this.#seen.get(Number(topic.slice("user:".length)))?.topics ?? [];
    return ![...own].some((each) => each.startsWith("server:") && topics.has(each));
  }

  #send(userId: number, topic: AudienceTopic, status = this.#seen.get(userId)!.status): void {
    const { username, custom } = this.#seen.get(userId)!;
    const timestamp = this.#clock.now() / 1_000;
    const seen = this.#present(status, custom);
    this.#listener(topic, { type: "user_status_changed", user_id: userId, username, ...seen, timestamp });
  }

  /** What has ended is not shown: clients take it away by themselves, at the time. */
  #present(status: Status, custom: CustomStatus | null): SeenPresence {
    const isShown = custom && status !== "offline" && !hasEnded(custom, this.#clock.now());
    return isShown ? { status, custom_status: custom } : { status };
  }
}

function latestOf<One extends { readonly chosenAt: number }>(best: One, other: One): One {
  return other.chosenAt > best.chosenAt ? other : best;
}

function topicsOf({ serverIds, peerIds = [] }: PresenceEntry): AudienceTopic[] {
  return [...serverIds.map((id) => `server:${id}` as const), ...peerIds.map((id) => `user:${id}` as const)];
}

function isSame(one: readonly number[], other: readonly number[]): boolean {
  return one.length === other.length && new Set(one).symmetricDifference(new Set(other)).size === 0;
}
