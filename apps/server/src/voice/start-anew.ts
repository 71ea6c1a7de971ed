import type { Participant } from "./participant.ts";

/** Tells the participant that all others have left, and that they have joined. */
export function startAnew(participant: Participant, all: Iterable<Participant>): void {
  const others = [...all].filter((other) => other !== participant);
  for (const { user } of others) participant.port?.send({ kind: "left", userId: user.id });
  for (const other of others) participant.port?.send({ kind: "joined", participant: other });
}
