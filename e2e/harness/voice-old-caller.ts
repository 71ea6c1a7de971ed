import type { Page } from "playwright-core";

/** What a call of version 1 needs to know. */
export interface OldCall {
  voiceId: number;
  token: string;
}

/**
 * Calls from this page as clients of version 1 did: a plain socket, an offer to everybody who is there and to everybody
 * who comes, whatever they do themselves; offers as objects, candidates nested, and no notion of glare.
 */
export function callAsOldClient(page: Page, call: OldCall): Promise<void> {
  return page.evaluate(oldCaller, call);
}

/** Runs in the page. */
async function oldCaller({ voiceId, token }: OldCall): Promise<void> {
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

  // oxlint-disable-next-line typescript/no-explicit-any -- version 1 trusted what came
  async function handle(frame: any): Promise<void> {
    switch (frame.type) {
      case "participants":
        for (const { user_id } of frame.participants) await offerTo(user_id as number);
        break;
      case "user_joined_voice":
        return offerTo(frame.user_id as number);
      case "offer":
        return answerTo(frame.from_id as number, frame.offer as RTCSessionDescriptionInit);
      case "answer":
        return peerOf(frame.from_id as number).setRemoteDescription(frame.answer as RTCSessionDescriptionInit);
      case "ice_candidate":
        return peerOf(frame.from_id as number).addIceCandidate(frame.candidate as RTCIceCandidateInit);
    }
  }

  await new Promise<void>((entered) => {
    socket.addEventListener("message", ({ data }) => {
      // What went wrong was logged, and life went on.
      handle(JSON.parse(String(data))).catch(() => {});
      entered();
    });
  });
}
