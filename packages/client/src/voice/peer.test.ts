import { expect, test, vi } from "vitest";
import { ManualClock } from "../testing/manual-clock.ts";
import { Peer, type PeerOptions } from "./peer.ts";
import type { ScreenTracks } from "./peer-media.ts";
import type { Signal } from "./signal.ts";

vi.stubGlobal("MediaStream", Object);

type Track = MediaStreamTrack;
const nothing = {
  microphone: null,
  screen: null,
  camera: null,
  watching: false,
  seesCamera: false,
  bitrateCeiling: 64_000,
};
const track = (kind: string) => ({ kind }) as Track;

class FakeTransceiver {
  mid: string | null = null;
  direction = "sendrecv";
  currentDirection: string | null = null;
  readonly receiver: { track: Track };
  readonly sender: {
    track: Track | null;
    replaceTrack(track: Track | null): Promise<void>;
    setStreams(): void;
    getParameters(): object;
  } = {
    track: null,
    async replaceTrack(next) {
      this.track = next;
    },
    setStreams() {},
    getParameters: () => ({ encodings: [] }),
  };

  constructor(kind: string) {
    this.receiver = { track: track(kind) };
  }
}

/** A peer connection whose other end answers that it receives, and sends only while `sends`. */
class FakeConnection extends EventTarget {
  connectionState = "connected";
  signalingState = "stable";
  remoteDescription: Signal | null = null;
  localDescription: RTCSessionDescriptionInit | null = null;
  sends = false;
  readonly transceivers: FakeTransceiver[] = [];
  onnegotiationneeded: (() => void) | null = null;
  setConfiguration = vi.fn<(configuration: RTCConfiguration) => void>();

  addTransceiver(of: Track | string) {
    const transceiver = new FakeTransceiver(typeof of === "string" ? of : of.kind);
    if (typeof of !== "string") transceiver.sender.track = of;
    this.transceivers.push(transceiver);
    this.onnegotiationneeded?.();
    return transceiver;
  }
  getTransceivers = () => this.transceivers;
  createOffer = async () => ({ type: "offer", sdp: "ours" });
  async setLocalDescription(description: RTCSessionDescriptionInit) {
    this.localDescription = description;
    this.signalingState = "have-local-offer";
    for (const [at, one] of this.transceivers.entries()) one.mid ??= String(at);
  }
  async setRemoteDescription(description: Signal) {
    this.remoteDescription = description;
    this.signalingState = "stable";
    for (const one of this.transceivers) one.currentDirection = this.sends ? "sendrecv" : "sendonly";
  }
  close() {}
}

function connect(options: Partial<PeerOptions> = {}) {
  const clock = new ManualClock();
  const connection = new FakeConnection();
  const offers: unknown[] = [];
  const configurations: RTCConfiguration[] = [];
  const peer = new Peer({
    selfId: 1,
    userId: 2,
    isLegacy: true,
    clock,
    newId: () => "c1",
    createConnection: (configuration) => {
      configurations.push(configuration);
      return connection as unknown as RTCPeerConnection;
    },
    settings: { ...nothing, configuration: {} },
    send: (signal) => signal.type === "offer" && offers.push(signal),
    onChange() {},
    ...options,
  });
  const answer = () => peer.receive({ type: "answer", sdp: "theirs", connectionId: null, targetConnectionId: null });
  return { clock, connection, peer, offers, answer, configurations };
}

/** The first offer goes to a client of version 1 after a second. */
async function negotiated(options: Partial<PeerOptions> = {}) {
  const call = connect(options);
  await call.clock.advance(1_000);
  await expect.poll(() => call.offers.length).toBe(1);
  await call.answer();
  return call;
}

test("a peer of version 1 that sends no microphone gets offers until it sends one", async () => {
  const { clock, connection, peer, offers, answer } = await negotiated();
  expect(peer.remote.microphone).toBeNull();
  await clock.advance(1_000);
  await expect.poll(() => offers.length).toBe(2);
  await answer();
  connection.sends = true;
  await clock.advance(2_000);
  await expect.poll(() => offers.length).toBe(3);
  await answer();
  expect(peer.remote.microphone).not.toBeNull();
  await clock.advance(600_000);
  await peer.setMicrophone(null);
  expect(offers.length).toBe(3);
});

test("a peer of version 1 without a microphone gets an offer at once when it starts to speak", async () => {
  const { peer, offers } = await negotiated();
  peer.speaks();
  await expect.poll(() => offers.length).toBe(2);
});

test("a peer with our client is not asked for a microphone", async () => {
  const call = connect({ isLegacy: false });
  await expect.poll(() => call.offers.length).toBe(1);
  await call.answer();
  await call.clock.advance(600_000);
  call.peer.speaks();
  await call.peer.setMicrophone(null);
  expect(call.offers.length).toBe(1);
});

const screen: ScreenTracks = {
  video: track("video"),
  sound: track("audio"),
  mixed: track("audio"),
  maxBitrate: 1,
  maxFramerate: 1,
};

test("a shared screen's sound goes to a peer of version 1 in the microphone's track, and leaves it again", async () => {
  const { peer, connection } = await negotiated();
  const microphone = track("audio");
  await peer.setMicrophone(microphone);
  await peer.setScreen(screen);
  const kinds = () => connection.transceivers.map(({ receiver }) => receiver.track.kind);
  expect(kinds()).toEqual(["audio", "video"]);
  expect(connection.transceivers[0]!.sender.track).toBe(screen.mixed);
  const other = track("audio");
  await peer.setMicrophone(other);
  expect(connection.transceivers[0]!.sender.track).toBe(screen.mixed);
  await peer.setScreen(null);
  expect(kinds()).toEqual(["audio", "video"]);
  expect(connection.transceivers[0]!.sender.track).toBe(other);
});

test("a shared screen's sound goes to other peers in a track of its own", async () => {
  const call = connect({ isLegacy: false });
  await expect.poll(() => call.offers.length).toBe(1);
  await call.peer.setScreen(screen);
  expect(call.connection.transceivers.map(({ sender }) => sender.track)).toEqual([null, screen.video, screen.sound]);
});

const ownCamera = { video: track("video"), maxBitrate: 1, maxFramerate: 1 };

test("a camera goes to another peer in a section of its own, which the offer names, and to none of version 1", async () => {
  const call = connect({ isLegacy: false });
  await expect.poll(() => call.offers.length).toBe(1);
  await call.answer();
  await call.peer.setCamera(ownCamera);
  await expect.poll(() => call.offers.at(-1)).toMatchObject({ cameraMid: "1" });
  const old = await negotiated();
  await old.peer.setCamera(ownCamera);
  expect(old.connection.transceivers.map(({ receiver }) => receiver.track.kind)).toEqual(["audio"]);
});

test("what a peer names as its camera is received while it is looked at, apart from a screen", async () => {
  const { connection, peer, answer } = connect({ isLegacy: false });
  await answer();
  const [screenOfPeer, cameraOfPeer] = [connection.addTransceiver("video"), connection.addTransceiver("video")];
  for (const [at, one] of [screenOfPeer, cameraOfPeer].entries()) {
    one.mid = String(at + 1);
    one.currentDirection = "recvonly";
  }
  connection.signalingState = "have-local-offer";
  const from = { connectionId: null, targetConnectionId: null };
  await peer.receive({ type: "answer", sdp: "theirs", cameraMid: "2", ...from });
  peer.setSeesCamera(true);
  expect([screenOfPeer.direction, cameraOfPeer.direction]).toEqual(["inactive", "recvonly"]);
  peer.setWatching(true);
  peer.setSeesCamera(false);
  expect([screenOfPeer.direction, cameraOfPeer.direction]).toEqual(["recvonly", "inactive"]);
  for (const one of [screenOfPeer, cameraOfPeer]) one.currentDirection = "recvonly";
  expect([peer.remote.screen, peer.remote.camera]).toEqual([screenOfPeer.receiver.track, cameraOfPeer.receiver.track]);
});

test("a peer connection uses relays only where the server says so, also after signalling was restored", () => {
  const configuration: RTCConfiguration = { iceServers: [{ urls: ["turn:one"] }], iceTransportPolicy: "relay" };
  const settings = { ...nothing, configuration };
  const { peer, connection, configurations } = connect({ settings });
  expect(configurations).toEqual([configuration]);
  peer.signallingRestored({ ...configuration, iceServers: [] });
  expect(connection.setConfiguration).toHaveBeenCalledWith({ ...configuration, iceServers: [] });
});

test("an end that makes all first offers does so with the higher id, too, and gives version 1 a second for its own", async () => {
  const call = connect({ selfId: 3, isLegacy: false, offersFirst: true });
  await expect.poll(() => call.offers.length).toBe(1);
  const old = connect({ selfId: 3, offersFirst: true });
  await old.clock.advance(900);
  expect(old.offers).toEqual([]);
  await old.clock.advance(100);
  await expect.poll(() => old.offers.length).toBe(1);
});

test("a peer that begins anew again and again takes a few connections, and is followed later", async () => {
  const { clock, peer, configurations } = connect({ isLegacy: false });
  const offer = (number: number) =>
    peer.receive({ type: "offer", sdp: "theirs", connectionId: `connection ${number}`, targetConnectionId: null });
  for (let number = 0; number < 600; number += 1) await offer(number);
  expect(configurations.length).toBe(6);
  await clock.advance(10_000);
  await offer(600);
  expect(configurations.length).toBe(7);
});
