import { expect, test } from "vitest";
import { unrestrained, type ParticipantState, type RoomEvent } from "../events.ts";
import { ShownParticipants } from "./shown-participants.ts";

function participant(id: number, change: Partial<ParticipantState> = {}): ParticipantState {
  const user = { id, username: `u${id}`, display_name: "", avatar_url: null, avatar_color: "#000000" };
  const flags = {
    isMuted: false,
    isDeafened: false,
    isSpeaking: false,
    isSharing: false,
    isCameraOn: false,
    isHandRaised: false,
    ...unrestrained,
  };
  return { user, callId: `call-${id}`, isLegacy: false, canForward: false, ...flags, ...change };
}

const entered = (...participants: ParticipantState[]): RoomEvent => ({
  kind: "entered",
  participants,
  media: "mesh",
  region: null,
  ice: { servers: [], isRelayOnly: false },
  settings: { maxParticipants: 10, bitrate: 64_000 },
  isEncrypted: false,
  restraint: unrestrained,
});

test("the first list of participants and other events are sent as they are", () => {
  const shown = new ShownParticipants();
  const events = [entered(participant(1)), { kind: "left" as const, userId: 1 }];
  expect(events.flatMap((event) => shown.replace(event))).toEqual(events);
});

test("instead of a second list of participants, who left, who joined and what changed is sent", () => {
  const shown = new ShownParticipants();
  shown.replace(entered(participant(1), participant(2), participant(3)));
  shown.replace({ kind: "left", userId: 1 });
  shown.replace({ kind: "joined", participant: participant(4) });
  const [two, again, five] = [
    participant(2, { isMuted: true, isSharing: true }),
    participant(3, { callId: "x" }),
    participant(5),
  ];
  expect(shown.replace(entered(two, again, five))).toEqual([
    { kind: "left", userId: 3 },
    { kind: "left", userId: 4 },
    { kind: "joined", participant: again },
    { kind: "joined", participant: five },
    { kind: "status", events: new Map([[2, { isMuted: true, isDeafened: false }]]) },
    { kind: "speaking", events: new Map([[2, false]]) },
    { kind: "sharing", user: two.user, isSharing: true },
  ]);
});

test("a second list without any change of who is in the call sends no join and no leave", () => {
  const shown = new ShownParticipants();
  shown.replace(entered(participant(1)));
  expect(shown.replace(entered(participant(1))).map(({ kind }) => kind)).toEqual(["status", "speaking"]);
});
