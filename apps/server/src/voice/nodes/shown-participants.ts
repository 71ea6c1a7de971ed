import type { ParticipantState, RoomEvent } from "../events.ts";

type Shown = Pick<ParticipantState, "callId" | "isSharing">;

/**
 * What a connection of version 1 was sent about the others. Its clients take a list of participants as the start of a
 * call and connect to all of them again, so when it enters the room a second time, at a new home, it is sent what has
 * changed instead.
 */
export class ShownParticipants {
  #shown: Map<number, Shown> | null = null;

  /** The events to send in place of the event. */
  replace(event: RoomEvent): readonly RoomEvent[] {
    if (event.kind === "entered") return this.#entered(event);
    if (event.kind === "joined") this.#shown?.set(event.participant.user.id, shownOf(event.participant));
    if (event.kind === "left") this.#shown?.delete(event.userId);
    if (event.kind === "sharing") this.#shared(event.user.id, event.isSharing);
    return [event];
  }

  #entered(event: Extract<RoomEvent, { kind: "entered" }>): readonly RoomEvent[] {
    const former = this.#shown;
    const { participants } = event;
    this.#shown = new Map(participants.map((one) => [one.user.id, shownOf(one)]));
    if (!former) return [event];
    const isKept = ({ user, callId }: ParticipantState) => former.get(user.id)?.callId === callId;
    const kept = participants.filter(isKept);
    const keptIds = new Set(kept.map(({ user }) => user.id));
    return [
      ...[...former.keys()].filter((id) => !keptIds.has(id)).map((userId): RoomEvent => ({ kind: "left", userId })),
      ...participants.filter((one) => !isKept(one)).map((participant): RoomEvent => ({ kind: "joined", participant })),
      ...changesOf(kept, former),
    ];
  }

  #shared(userId: number, isSharing: boolean): void {
    const known = this.#shown?.get(userId);
    if (known) this.#shown?.set(userId, { ...known, isSharing });
  }
}

function changesOf(kept: readonly ParticipantState[], former: ReadonlyMap<number, Shown>): RoomEvent[] {
  if (kept.length === 0) return [];
  const sharing = kept.filter(({ user, isSharing }) => former.get(user.id)?.isSharing !== isSharing);
  return [
    {
      kind: "status",
      events: new Map(kept.map(({ user, isMuted, isDeafened }) => [user.id, { isMuted, isDeafened }])),
    },
    { kind: "speaking", events: new Map(kept.map(({ user, isSpeaking }) => [user.id, isSpeaking])) },
    ...sharing.map(({ user, isSharing }): RoomEvent => ({ kind: "sharing", user, isSharing })),
  ];
}

function shownOf({ callId, isSharing }: ParticipantState): Shown {
  return { callId, isSharing };
}
