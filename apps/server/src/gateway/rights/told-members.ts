import type { ClientSession } from "../client-session/client-session.ts";
import type { MemberVisibility } from "./visible-channels.ts";

/**
 * Sessions that receive the events of a server, noted before its members are read. Two nodes may tell that somebody has
 * joined and has left in another order than it happened: then a session takes its user for a member who is none.
 */
export class ToldMembers {
  /** How often each session had been told that its user is a member of a server. */
  readonly #told: ReadonlyMap<ClientSession, number>;

  constructor(sessions: readonly ClientSession[]) {
    this.#told = new Map(sessions.map((session) => [session, session.memberships]));
  }

  /** Takes the server from those whose users are no members. Returns users who may have joined since they were read. */
  removeStrangers(serverId: number, visibility: MemberVisibility): number[] {
    const unsure: number[] = [];
    for (const [session, told] of this.#told) {
      if (visibility.isMember(session.userId)) continue;
      if (session.memberships === told) session.leftServer(serverId);
      else unsure.push(session.userId);
    }
    return unsure;
  }
}
