import type { Page } from "playwright-core";

export interface Version1Call {
  voiceId: number;
  token: string;
}

/**
 * Calls from this page as clients of version 1 did: over a plain socket, with an offer to everybody who is there and to
 * everybody who joins, offers as objects, nested candidates, and no handling of two offers that cross.
 */
export function callAsVersion1(page: Page, call: Version1Call): Promise<void> {
  return page.evaluate(version1Caller, call);
}

/** The frames of version 1 that matter here. */
type Frame =
  | { type: "participants"; participants: { user_id: number }[] }
  | { type: "user_joined_voice"; user_id: number }
  | { type: "offer"; from_id: number; offer: RTCSessionDescriptionInit }
  | { type: "answer"; from_id: number; answer: RTCSessionDescriptionInit }
  | { type: "ice_candidate"; from_id: number; candidate: RTCIceCandidateInit };

/** Runs in the page. */
async function version1Caller({ voiceId, token }: Version1Call): Promise<void> {
  const microphone = await navigator.mediaDevices.getUserMedia({ audio: { echoCancellation: false } });
  const socket = new WebSocket(`ws://${location.host}/ws/legacy/voice/${voiceId}?token=${token}`);
  const send = (frame: object) => socket.send(JSON.stringify(frame));
  const loudspeaker = new AudioContext();
  const peers = new Map<number, RTCPeerConnection>();

  function play([stream]: readonly MediaStream[]): void {
    // Chromium gives a remote stream to Web Audio only while an element has it too.
    Object.assign(document.createElement("audio"), { srcObject: stream, muted: true });
    loudspeaker.createMediaStreamSource(stream!).connect(loudspeaker.destination);
  }

  function peerOf(userId: number): RTCPeerConnection {
    const known = peers.get(userId);
    if (known) return known;
    const peer = new RTCPeerConnection();
    peers.set(userId, peer);
    for (const track of microphone.getTracks()) peer.addTrack(track, microphone);
    peer.addEventListener("track", ({ streams }) => play(streams));
    peer.addEventListener("icecandidate", ({ candidate }) => {
      if (candidate) send({ type: "ice_candidate", target_id: userId, candidate });
    });
    return peer;
  }

  async function offerTo(userId: number): Promise<void> {
    const peer = peerOf(userId);
    const offer = await peer.createOffer();
    await peer.setLocalDescription(offer);
    send({ type: "offer", target_id: userId, offer });
  }

  async function answerTo(userId: number, offer: RTCSessionDescriptionInit): Promise<void> {
    const peer = peerOf(userId);
    await peer.setRemoteDescription(offer);
    const answer = await peer.createAnswer();
    await peer.setLocalDescription(answer);
    send({ type: "answer", target_id: userId, answer });
  }

  async function handle(frame: Frame): Promise<void> {
    switch (frame.type) {
      case "participants":
        for (const { user_id } of frame.participants) await offerTo(user_id);
        break;
      case "user_joined_voice":
        return offerTo(frame.user_id);
      case "offer":
        return answerTo(frame.from_id, frame.offer);
      case "answer":
        return peerOf(frame.from_id).setRemoteDescription(frame.answer);
      case "ice_candidate":
        return peerOf(frame.from_id).addIceCandidate(frame.candidate);
    }
  }

  await new Promise<void>((entered) => {
    socket.addEventListener("message", ({ data }) => {
      // Version 1 logged errors and went on.
      handle(JSON.parse(String(data)) as Frame).catch(() => {});
      entered();
    });
  });
}
