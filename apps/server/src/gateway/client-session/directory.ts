import { unknownChange, type Control, type Topic } from "../../bus/contract.ts";
import type { ClientSession } from "./client-session.ts";

/** The client sessions of one endpoint on this node, by user. Applies control messages from the bus to them. */
export class SessionDirectory {
  readonly #sessions = new Map<number, Set<ClientSession>>();
  #count = 0;
  #peak = 0;

  get count(): number {
    return this.#count;
  }

  /** Highest count since the start. */
  get peak(): number {
    return this.#peak;
  }

  /** Users with at least one client session. */
  get userCount(): number {
    return this.#sessions.size;
  }

  add(session: ClientSession): void {
    let sessions = this.#sessions.get(session.userId);
    if (!sessions) this.#sessions.set(session.userId, (sessions = new Set()));
    sessions.add(session);
    this.#count += 1;
    this.#peak = Math.max(this.#peak, this.#count);
  }

  remove(session: ClientSession): void {
    const sessions = this.#sessions.get(session.userId);
    if (!sessions?.delete(session)) return;
    this.#count -= 1;
    if (sessions.size === 0) this.#sessions.delete(session.userId);
  }

  *[Symbol.iterator](): Generator<ClientSession> {
    for (const sessions of this.#sessions.values()) yield* sessions;
  }

  of(userId: number): Iterable<ClientSession> {
    return [...(this.#sessions.get(userId) ?? [])];
  }

  /** Those that are in the server, or with null all: what happens in one server is to cost the others nothing. */
  *#concernedBy(serverId: number | null): Generator<ClientSession> {
    for (const session of this) if (serverId === null || session.serverIds.has(serverId)) yield session;
  }

  handleControl(topic: Topic, control: Control): void {
    switch (control.type) {
      case "session_revoked":
        for (const session of this.of(idOf(topic))) session.token.revoked(control.sessionId);
        break;
      case "membership_added":
        for (const session of this.of(control.userId)) {
          session.joinedServer(control.serverId);
          // Which channels the user sees was perhaps read before.
          if (session.isSettingUp) session.missChange(unknownChange(control.serverId, [control.userId]));
        }
        break;
      case "membership_removed":
        for (const session of this.of(control.userId)) session.leftServer(control.serverId);
        break;
      case "recipient_removed":
        for (const session of this.of(control.userId)) {
          session.lookUpAgain(null);
          session.channelRemoved(control.channelId);
        }
        break;
      case "peers_changed":
        for (const session of this.of(control.userId)) session.peersChanged();
        break;
      case "channel_removed":
        for (const session of this.#concernedBy(topic.startsWith("server:") ? idOf(topic) : null)) {
          session.lookUpAgain(null);
          session.channelRemoved(control.channelId);
        }
        break;
      case "thread_unfollowed":
        for (const session of this.of(control.userId)) session.threadUnfollowed(control.threadId);
        break;
      case "thread_removed":
        for (const session of this.#concernedBy(control.serverId)) {
          session.lookUpAgain(null);
          session.threadRemoved(control.serverId, control.threadId);
        }
        break;
      case "rights_changed":
        for (const session of this) {
          if (session.isSettingUp) session.missChange(control);
          session.lookUpAgain(control.serverId);
        }
        break;
    }
  }
}

/** Of the user of `user:<id>`, on which control messages about sessions arrive, or the server of `server:<id>`. */
function idOf(topic: Topic): number {
  return Number(topic.slice(topic.indexOf(":") + 1));
}
