import type { IceServer } from "@miscord/protocol";
import { expect, test } from "vitest";
import { ManualClock } from "../testing/manual-clock.ts";
import { ForwardedMedia } from "./forwarded-media.ts";

const candidates = [
  "a=candidate:1 1 UDP 2122317823 192.0.2.1 7882 typ host",
  "a=candidate:2 1 UDP 2122317567 192.0.2.1 7982 typ host turned 1",
];
const sdp = ["v=0", ...candidates, "a=end-of-candidates", ""].join("\r\n");

interface FakeConnection {
  connectionState: string;
  onconnectionstatechange: () => void;
}

const ofInstance = [{ urls: ["turn:instance"] }];
const configuration: RTCConfiguration = { iceServers: ofInstance, iceTransportPolicy: "all" };

/** A call whose unit answers each request with an offer, and whose connections become connected when the test says so. */
function inCall() {
  const clock = new ManualClock();
  const connections: FakeConnection[] = [];
  const tried: string[] = [];
  const through: RTCConfiguration[] = [];
  const createConnection = (configuration: RTCConfiguration) => {
    through.push(configuration);
    const connection = {
      connectionState: "new",
      onconnectionstatechange: () => {},
      signalingState: "stable",
      close: () => {},
      setRemoteDescription: (offer: { sdp: string }) => {
        tried.push(offer.sdp.includes("turned") ? "turned" : "plain");
        return Promise.reject(new Error("no browser"));
      },
    };
    connections.push(connection);
    return connection as never;
  };
  const offer = (given: { iceServers?: IceServer[] } = {}) => {
    const ids = { connectionId: String(connections.length), targetConnectionId: null };
    return void media.receive({ type: "offer", sdp, ...given, ...ids });
  };
  const media: ForwardedMedia = new ForwardedMedia({
    settings: { microphone: null, screen: null, camera: null, bitrateCeiling: 1, configuration },
    watched: [],
    cameras: [],
    small: { cameras: [], screens: [] },
    clock,
    createConnection,
    signal: () => {},
    onSenders: () => {},
    send: ({ type }) => void (type === "renew_media" && offer()),
    onChange: () => {},
  });
  const become = (connectionState: string) => {
    const connection = connections.at(-1)!;
    connection.connectionState = connectionState;
    connection.onconnectionstatechange();
  };
  offer();
  return { clock, tried, through, offer, become, close: () => media.close() };
}

test("both kinds of addresses are tried in turn, and longer in each round", async () => {
  const { clock, tried, become, close } = inCall();
  for (const ms of [4_000, 4_000, 8_000, 8_000, 16_000]) {
    const before = tried.length;
    await clock.advance(ms - 1);
    expect(tried).toHaveLength(Math.max(1, before));
    await clock.advance(1);
  }
  expect(tried).toEqual(["plain", "turned", "plain", "turned", "plain", "turned"]);
  // One that was connected is replaced by one of its kind, with the time of the first round.
  become("connected");
  become("disconnected");
  await clock.advance(2_000);
  expect(tried.slice(6)).toEqual(["turned"]);
  await clock.advance(4_000);
  expect(tried.slice(6)).toEqual(["turned", "plain"]);
  close();
});

test("a connection goes through the relays of the unit's region, and through those of the instance where the offer names none", () => {
  const { through, offer, close } = inCall();
  const iceServers = [{ urls: ["turn:region"], username: "1:1", credential: "x" }];
  offer({ iceServers });
  offer();
  expect(through).toEqual([configuration, { ...configuration, iceServers }, configuration]);
  close();
});
