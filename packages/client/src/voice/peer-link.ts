import { tuneOpus } from "./opus.ts";
import { PeerMedia } from "./peer-media.ts";
import type { Signal } from "./signal.ts";

export interface PeerLinkOptions {
  connection: RTCPeerConnection;
  /** Rolls back its own offer when both ends offer at once. */
  polite: boolean;
  /** The peer plays one audio track for each participant. */
  playsOneTrack?: boolean;
  send: (signal: Signal) => void;
  /** The connection's state or its remote media may have changed. */
  onChange: () => void;
  /** A negotiation of this end failed, and the connection cannot be used further. */
  onBroken: (error: unknown) => void;
}

/**
 * One peer connection with perfect negotiation. Operations on descriptions are queued and run one at a time, so that a
 * remote offer that collides with a local one always finds the state `have-local-offer`.
 */
export class PeerLink {
  readonly connection: RTCPeerConnection;
  readonly media: PeerMedia;
  readonly #options: PeerLinkOptions;
  #ignoringOffer = false;
  /** Another offer is to be made once no negotiation is in progress. */
  #isOfferDue = false;
  #work: Promise<unknown> = Promise.resolve();

  constructor(options: PeerLinkOptions) {
    this.#options = options;
    this.connection = options.connection;
    this.media = new PeerMedia(options.connection, options);
    const { connection, send, onChange } = options;
    connection.onnegotiationneeded = () => this.#run(() => this.#offer());
    connection.onconnectionstatechange = onChange;
    connection.onicecandidate = ({ candidate }) => {
      if (candidate) send(candidateSignal(candidate));
    };
  }

  /** Resolves when the signal was applied; rejects when its description does not fit this connection. */
  receive(signal: Signal): Promise<void> {
    return this.#enqueue(() => this.#receive(signal));
  }

  /** Sends the first offer; does nothing if the other end has offered already. */
  open(): void {
    this.#run(() => this.media.openMicrophone());
  }

  /** Resends an open offer, which may have been lost; otherwise restarts ICE. */
  retry(): void {
    this.#run(() => {
      const { connection } = this;
      if (connection.signalingState === "have-local-offer") this.#sendLocal();
      else if (connection.remoteDescription) connection.restartIce();
      else this.media.openMicrophone();
    });
  }

  /** Makes another offer, so that the other end can add what it did not send before. */
  renegotiate(): void {
    this.#isOfferDue = true;
    this.#run(() => this.#offerIfDue());
  }

  close(): void {
    const { connection } = this;
    connection.onnegotiationneeded = connection.onconnectionstatechange = connection.onicecandidate = null;
    connection.close();
  }

  async #receive(signal: Signal): Promise<void> {
    if (signal.type === "ice_candidate") return this.#addCandidate(signal);
    if (signal.type === "offer") return this.#answer(signal);
    if (this.connection.signalingState !== "have-local-offer") return;
    // Candidates that arrive from here on belong to this answer, not to an offer that was ignored before.
    this.#ignoringOffer = false;
    await this.connection.setRemoteDescription({ type: signal.type, sdp: signal.sdp });
    this.media.setRemoteCamera(signal.cameraMid ?? null);
    this.#options.onChange();
    await this.#offerIfDue();
  }

  async #offerIfDue(): Promise<void> {
    if (this.#isOfferDue) await this.#offer();
  }

  async #offer(): Promise<void> {
    // A negotiation is in progress: the browser fires `negotiationneeded` again when it has finished.
    if (this.connection.signalingState !== "stable") return;
    this.#isOfferDue = false;
    const offer = await this.connection.createOffer();
    await this.connection.setLocalDescription({ type: "offer", sdp: tuneOpus(offer.sdp ?? "") });
    this.#sendLocal();
  }

  async #answer({ sdp, cameraMid }: { sdp: string; cameraMid?: string }): Promise<void> {
    const { connection } = this;
    this.#ignoringOffer = connection.signalingState !== "stable" && !this.#options.polite;
    if (this.#ignoringOffer) return;
    // Implicitly rolls back an open local offer.
    await connection.setRemoteDescription({ type: "offer", sdp });
    this.media.prepareAnswer(cameraMid ?? null);
    const answer = await connection.createAnswer();
    await connection.setLocalDescription({ type: "answer", sdp: tuneOpus(answer.sdp ?? "") });
    this.#sendLocal();
    // An offer without an audio section leaves no place for the microphone, so this end offers one.
    this.media.openMicrophone();
    this.#options.onChange();
    await this.#offerIfDue();
  }

  async #addCandidate({ candidate, sdpMid, sdpMLineIndex }: Extract<Signal, { type: "ice_candidate" }>): Promise<void> {
    // Candidates of an ignored offer belong to no description here.
    if (this.#ignoringOffer || !this.connection.remoteDescription) return;
    await this.connection.addIceCandidate({ candidate: candidate ?? "", sdpMid, sdpMLineIndex }).catch(() => {});
  }

  #sendLocal(): void {
    const { localDescription } = this.connection;
    if (localDescription?.type !== "offer" && localDescription?.type !== "answer") return;
    const { cameraMid } = this.media;
    const { type, sdp } = localDescription;
    this.#options.send({ type, sdp, ...(cameraMid === null ? {} : { cameraMid }) });
  }

  #run(work: () => Promise<void> | void): void {
    this.#enqueue(work).catch((error: unknown) => {
      if (this.connection.signalingState !== "closed") this.#options.onBroken(error);
    });
  }

  #enqueue(work: () => Promise<void> | void): Promise<void> {
    const result = this.#work.then(() => (this.connection.signalingState === "closed" ? undefined : work()));
    this.#work = result.catch(() => {});
    return result;
  }
}

function candidateSignal({ candidate, sdpMid, sdpMLineIndex }: RTCIceCandidate): Signal {
  return { type: "ice_candidate", candidate, sdpMid, sdpMLineIndex };
}
