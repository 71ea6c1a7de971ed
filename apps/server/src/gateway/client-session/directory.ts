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

  handleControl(topic: Topic, control: Control): void {
    switch (control.type) {
      case "session_revoked":
        for (const session of this.of(userIdOf(topic))) session.token.revoked(control.sessionId);
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
        for (const session of this.of(control.userId)) session.channelRemoved(control.channelId);
        break;
      case "peers_changed":
        for (const session of this.of(control.userId)) session.peersChanged();
        break;
      case "channel_removed":
        for (const session of this) session.channelRemoved(control.channelId);
        break;
      case "thread_unfollowed":
        for (const session of this.of(control.userId)) session.threadUnfollowed(control.threadId);
        break;
      case "thread_removed":
        for (const session of this) session.threadRemoved(control.serverId, control.threadId);
        break;
      case "rights_changed":
        for (const session of this) {
          if (session.isSettingUp) session.missChange(control);
          // A channel that is being joined may have been looked up before the change.
          session.revision += 1;
        }
        break;
    }
  }
}

/** Control messages about a session arrive on its user's topic, `user:<id>`. */
function userIdOf(topic: Topic): number {
  return Number(topic.slice(topic.indexOf(":") + 1));
}
