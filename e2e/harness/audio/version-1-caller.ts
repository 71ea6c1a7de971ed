import type { Page } from "playwright-core";

export interface Version1Call {
  voiceId: number;
  token: string;
  /** Version 1's enhanced client: it uses /ws/voice, without a call id, and its frames are flat. */
  isEnhanced?: boolean;
  /** Milliseconds until the microphone is ready. The call begins without it, and is not negotiated again for it. */
  microphoneAfterMs?: number;
}

/**
 * Calls from this page as clients of version 1 did: over a plain socket, with an offer to everybody who is there and to
 * everybody who joins, offers as objects, nested candidates, and no handling of two offers that cross.
 */
export function callAsVersion1(page: Page, call: Version1Call): Promise<void> {
  return page.evaluate(version1Caller, call);
}

/** States of the peer connections of the call of version 1 in this page. */
export function version1States(page: Page): Promise<RTCPeerConnectionState[]> {
  return page.evaluate(() =>
    (globalThis as unknown as { version1: { states(): RTCPeerConnectionState[] } }).version1.states(),
  );
}

/** Shares a screen in the call of version 1 in this page: a picture that changes its colour. */
export function shareAsVersion1(page: Page): Promise<void> {
  return page.evaluate(() => (globalThis as unknown as { version1: { share(): Promise<void> } }).version1.share());
}

/** The frames of version 1 that matter here. The enhanced client's have the fields of the inner objects. */
type Frame =
  | { type: "participants"; participants: { user_id: number }[] }
  | { type: "user_joined_voice" | "user_left_voice"; user_id: number }
  | { type: "offer"; from_id: number; sdp?: string; offer: RTCSessionDescriptionInit }
  | { type: "answer"; from_id: number; sdp?: string; answer: RTCSessionDescriptionInit }
  | { type: "ice_candidate"; from_id: number; candidate: RTCIceCandidateInit | string };

/** Runs in the page. */
async function version1Caller({ voiceId, token, isEnhanced, microphoneAfterMs = 0 }: Version1Call): Promise<void> {
  const peers = new Map<number, RTCPeerConnection>();
  let microphone: MediaStream | null = null;
  async function openMicrophone(): Promise<void> {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: { echoCancellation: false } });
    microphone = stream;
    for (const peer of peers.values()) for (const track of stream.getTracks()) peer.addTrack(track, stream);
  }
  if (microphoneAfterMs === 0) await openMicrophone();
  else setTimeout(() => void openMicrophone(), microphoneAfterMs);
  const socket = new WebSocket(
    `ws://${location.host}/ws/${isEnhanced ? "" : "legacy/"}voice/${voiceId}?token=${token}`,
  );
  const send = (frame: object) => socket.send(JSON.stringify(frame));
  const loudspeaker = new AudioContext();
  Object.assign(globalThis, {
    version1: { states: () => [...peers.values()].map(({ connectionState }) => connectionState), share },
  });
  const played = new Map<RTCPeerConnection, AudioNode>();

  /** A participant has one audio element, which plays the stream of the latest audio track. */
  function play(peer: RTCPeerConnection, track: MediaStreamTrack, [stream]: readonly MediaStream[]): void {
    if (track.kind === "video") return show(stream!);
    // Chromium gives a remote stream to Web Audio only while an element has it too.
    Object.assign(document.createElement("audio"), { srcObject: stream, muted: true });
    played.get(peer)?.disconnect();
    const source = loudspeaker.createMediaStreamSource(stream!);
    source.connect(loudspeaker.destination);
    played.set(peer, source);
  }

  /** Adds the track to all connections, and negotiates each again. */
  async function share(): Promise<void> {
    const canvas = Object.assign(document.createElement("canvas"), { width: 320, height: 180 });
    const context = canvas.getContext("2d")!;
    let turn = 0;
    setInterval(() => {
      context.fillStyle = `hsl(${(turn += 40) % 360} 80% 50%)`;
      context.fillRect(0, 0, canvas.width, canvas.height);
    }, 100);
    const stream = canvas.captureStream(10);
    send({ type: "screen_share_start" });
    for (const [userId, peer] of peers) {
      peer.addTrack(stream.getVideoTracks()[0]!, stream);
      await offerTo(userId);
    }
  }

  /** A shared screen. */
  function show(stream: MediaStream): void {
    const video = Object.assign(document.createElement("video"), { srcObject: stream, muted: true, autoplay: true });
    document.body.append(video);
  }

  function peerOf(userId: number): RTCPeerConnection {
    const known = peers.get(userId);
    if (known) return known;
    const peer = new RTCPeerConnection();
    peers.set(userId, peer);
    for (const track of microphone?.getTracks() ?? []) peer.addTrack(track, microphone!);
    peer.addEventListener("track", ({ track, streams }) => play(peer, track, streams));
    peer.addEventListener("icecandidate", ({ candidate }) => {
      if (!candidate) return;
      send({ type: "ice_candidate", target_id: userId, ...(isEnhanced ? candidate.toJSON() : { candidate }) });
    });
    return peer;
  }

  async function offerTo(userId: number): Promise<void> {
    const peer = peerOf(userId);
    const offer = await peer.createOffer({ offerToReceiveAudio: true });
    await peer.setLocalDescription(offer);
    send({ type: "offer", target_id: userId, ...(isEnhanced ? { sdp: offer.sdp } : { offer }) });
  }

  async function answerTo(userId: number, offer: RTCSessionDescriptionInit): Promise<void> {
    const peer = peerOf(userId);
    await peer.setRemoteDescription(offer);
    const answer = await peer.createAnswer();
    await peer.setLocalDescription(answer);
    send({ type: "answer", target_id: userId, ...(isEnhanced ? { sdp: answer.sdp } : { answer }) });
  }

  async function handle(frame: Frame): Promise<void> {
    switch (frame.type) {
      case "participants":
        for (const { user_id } of frame.participants) await offerTo(user_id);
        break;
      case "user_joined_voice":
        return offerTo(frame.user_id);
      case "user_left_voice":
        peers.get(frame.user_id)?.close();
        peers.delete(frame.user_id);
        break;
      case "offer":
        return answerTo(frame.from_id, frame.offer ?? { type: "offer", sdp: frame.sdp });
      case "answer":
        return peerOf(frame.from_id).setRemoteDescription(frame.answer ?? { type: "answer", sdp: frame.sdp });
      case "ice_candidate":
        return peerOf(frame.from_id).addIceCandidate(
          typeof frame.candidate === "string" ? (frame as unknown as RTCIceCandidateInit) : frame.candidate,
        );
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
