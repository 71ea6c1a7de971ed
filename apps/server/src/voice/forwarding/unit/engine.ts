import { Audio, initLogger, PeerConnection, type RtcConfig } from "node-datachannel";
import { attempt, guarded } from "./guard.ts";
import { voiceFormat } from "./rtp.ts";
import { Section } from "./section.ts";

// The engine's own messages end here: what it cannot do shows in the state of a connection. Without a function it throws.
initLogger("Fatal", () => {});

/** What has arrived when a connection is closed is handed over by then; what is not would stay in memory. */
const drainMs = 1_000;

/** One connection of the engine. Nothing that is done with it throws; only creating it, and adding its section, may. */
export class EngineConnection {
  readonly #connection: PeerConnection;
  /** The engine closes what nothing refers to any more. */
  #section: Section | null = null;

  /** @throws Error */
  constructor(name: string, port: number) {
    const config: RtcConfig = {
      iceServers: [],
      enableIceUdpMux: true,
      portRangeBegin: port,
      portRangeEnd: port,
      enableIceTcp: false,
      disableAutoNegotiation: true,
    };
    this.#connection = new PeerConnection(name, config);
  }

  get isConnected(): boolean {
    return attempt(() => this.#connection.state() === "connected", false);
  }

  get awaitsAnswer(): boolean {
    return attempt(() => this.#connection.signalingState() === "have-local-offer", false);
  }

  /**
   * Adds the section that the engine knows, in which a voice goes both ways. Over it the packets of all sections go, whatever their
   * source: the process looks at each callback that the engine has, of all sections of all connections, whenever something arrives.
   * @throws Error
   */
  addVoice({ mid, payloadType, ssrc }: { mid: string; payloadType: number; ssrc: number }): Section {
    const media = new Audio(mid, "SendRecv");
    media.addOpusCodec(payloadType, voiceFormat);
    media.addSSRC(ssrc, "unit", mid, mid);
    this.#section = new Section(this.#connection.addTrack(media));
    return this.#section;
  }

  /** Makes the own description, which `onDescription` is told. Whether it is being made. */
  describe(type: "offer" | "answer"): boolean {
    return attempt(() => {
      this.#connection.setLocalDescription(type);
      return true;
    }, false);
  }

  /** Whether the other end's description fits. */
  accept(sdp: string, type: "offer" | "answer"): boolean {
    return attempt(() => {
      this.#connection.setRemoteDescription(sdp, type);
      return true;
    }, false);
  }

  onDescription(take: (sdp: string) => unknown): void {
    this.#connection.onLocalDescription(guarded(take));
  }

  /** The connection has failed, or was closed by the other end. */
  onLost(act: () => unknown): void {
    this.#connection.onStateChange(
      guarded((state) => {
        if (state === "failed" || state === "closed") act();
      }),
    );
  }

  close(): void {
    attempt(() => this.#connection.close(), undefined);
    const section = this.#section;
    this.#section = null;
    setTimeout(() => section?.close(), drainMs).unref();
  }
}
