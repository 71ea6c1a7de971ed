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

/** A call whose unit answers each request with an offer, and whose connections become connected when the test says so. */
function inCall() {
  const clock = new ManualClock();
  const connections: FakeConnection[] = [];
  const tried: string[] = [];
  const createConnection = () => {
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
  const offer = () => {
    const ids = { connectionId: String(connections.length), targetConnectionId: null };
    return void media.receive({ type: "offer", sdp, ...ids });
  };
  const media: ForwardedMedia = new ForwardedMedia({
    settings: { microphone: null, screen: null, camera: null, bitrateCeiling: 1, configuration: {} },
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
  return { clock, tried, become, close: () => media.close() };
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
