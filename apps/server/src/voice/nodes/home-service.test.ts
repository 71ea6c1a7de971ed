import { beforeEach, expect, test } from "vitest";
import { ManualClock } from "../../testing/manual-clock.ts";
import { unrestrained } from "../events.ts";
import { createMesh } from "../mesh.ts";
import { meshRouting } from "../routing.ts";
import { VoicePresence } from "../voice-presence.ts";
import { VoiceRooms } from "../voice-rooms.ts";
import { HomeService } from "./home-service.ts";
import type { FromHome, ToHome } from "./messages.ts";

const channel = { id: 1, serverId: 10, name: "Lobby", isRestricted: false };

let posted: { nodeId: string; message: FromHome }[];
let isHome: boolean;
let service: HomeService;

beforeEach(() => {
  const clock = new ManualClock();
  const ice = { stunUrls: [], turnUrls: [], turnSecret: undefined, turnTtlMs: 1, voiceRelayOnly: false };
  const routing = meshRouting(createMesh({ ...ice, maxParticipants: 4 }, clock));
  const rooms = new VoiceRooms({ clock, routing, observer: new VoicePresence(clock, () => {}) });
  posted = [];
  isHome = true;
  service = new HomeService({
    rooms,
    isHome: () => isHome,
    isLate: () => false,
    post: (nodeId, message) => void posted.push({ nodeId, message }),
    lastWaiting: (nodeId) => posted.findLast((one) => one.nodeId === nodeId)?.message,
    onFailure: (error) => {
      throw error;
    },
  });
});

function enter(nodeId: string, connection: number, userId: number): void {
  const user = { id: userId, username: `u${userId}`, display_name: "", avatar_url: null, avatar_color: "#000000" };
  const client = {
    callId: `call-${userId}`,
    isLegacy: false,
    canForward: false,
    canEncrypt: false,
    usesLegacySocket: false,
  };
  const state = { flags: null, restraint: unrestrained, waitedMs: 0 };
  service.receive(nodeId, { kind: "enter", connection, channel, user, ...client, ...state });
}

const share: ToHome = { kind: "sharing", connection: 1, isSharing: true };

test("an event for several connections of a node is one message to it", () => {
  enter("a", 1, 1);
  enter("b", 1, 2);
  enter("b", 2, 3);
  enter("c", 1, 4);
  posted = [];
  service.receive("a", share);
  expect(posted).toMatchObject([
    { nodeId: "b", message: { kind: "event", connections: [1, 2], event: { kind: "sharing" } } },
    { nodeId: "c", message: { kind: "event", connections: [1], event: { kind: "sharing" } } },
  ]);
});

test("an entry in a room of which this node is not the home is refused as moved", () => {
  isHome = false;
  enter("a", 7, 1);
  expect(posted).toEqual([{ nodeId: "a", message: { kind: "entered", connection: 7, refusal: "moved" } }]);
});

test("a signal of a connection that this node does not know is refused", () => {
  const signal = { kind: "offer" as const, sdp: "v=0", extra: {} };
  service.receive("a", { kind: "signal", connection: 7, request: 3, targetId: 2, signal });
  expect(posted).toMatchObject([{ message: { kind: "answer", request: 3, refusal: { code: "unavailable" } } }]);
});

test("other messages of a connection that this node does not know are ignored", () => {
  for (const message of [share, { kind: "release", connection: 1, meantToLeave: true } as const]) {
    service.receive("a", message);
  }
  expect(posted).toEqual([]);
});
