import { expect, test, vi } from "vitest";
import { PeerLink } from "./peer-link.ts";
import type { Signal } from "./signal.ts";

/** The part of RTCPeerConnection that a negotiation uses. */
class FakeConnection extends EventTarget {
  signalingState: RTCSignalingState = "stable";
  remoteDescription: RTCSessionDescriptionInit | null = null;
  localDescription: RTCSessionDescriptionInit | null = null;
  candidates: string[] = [];
  onnegotiationneeded: (() => void) | null = null;

  addTransceiver() {
    this.onnegotiationneeded?.();
    return { sender: { replaceTrack: async () => {} }, mid: "0", receiver: { track: { kind: "audio" } } };
  }
  getTransceivers() {
    return [];
  }
  createAnswer = async () => ({ type: "answer", sdp: "our answer" });
  createOffer = async () => ({ type: "offer", sdp: "ours" });
  async setLocalDescription(description: RTCSessionDescriptionInit) {
    this.localDescription = description;
    this.signalingState = description.type === "offer" ? "have-local-offer" : "stable";
  }
  async setRemoteDescription(description: RTCSessionDescriptionInit) {
    this.remoteDescription = description;
    this.signalingState = "stable";
  }
  async addIceCandidate({ candidate }: RTCIceCandidateInit) {
    this.candidates.push(candidate!);
  }
}

vi.stubGlobal("MediaStream", Object);

const candidate = (name: string): Signal => ({ type: "ice_candidate", candidate: name, sdpMid: "0", sdpMLineIndex: 0 });

function linkTo(connection: FakeConnection, sent: Signal[], polite = true): PeerLink {
  return new PeerLink({
    connection: connection as unknown as RTCPeerConnection,
    polite,
    send: (signal) => sent.push(signal),
    onChange() {},
    onBroken(error) {
      throw error;
    },
  });
}

test("an offer without an audio section is answered, and followed by an offer with one", async () => {
  const sent: Signal[] = [];
  const connection = new FakeConnection();
  await linkTo(connection, sent).receive({ type: "offer", sdp: "without audio" });
  await expect.poll(() => sent.map(({ type }) => type)).toEqual(["answer", "offer"]);
});

test("after colliding offers the impolite end drops candidates of the ignored offer and adds those of the answer", async () => {
  const connection = new FakeConnection();
  const sent: Signal[] = [];
  const link = linkTo(connection, sent, false);
  link.open();
  await expect.poll(() => sent).toEqual([{ type: "offer", sdp: "ours" }]);
  await link.receive({ type: "offer", sdp: "theirs" });
  await link.receive(candidate("of their offer"));
  await link.receive({ type: "answer", sdp: "their answer" });
  await link.receive(candidate("of their answer"));
  expect(connection.remoteDescription).toMatchObject({ type: "answer", sdp: "their answer" });
  expect(connection.candidates).toEqual(["of their answer"]);
});
