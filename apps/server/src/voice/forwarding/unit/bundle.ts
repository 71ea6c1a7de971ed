import { readDescription, rewriteDescription, type ClientDescription } from "./description.ts";
import { EngineConnection } from "./engine.ts";
import { guarded } from "./guard.ts";
import { Input, type InputOptions } from "./input.ts";
import { InputLimit } from "./input-limit.ts";
import { writeOffer, type OfferedSection } from "./offer.ts";
import { attributeOf, credentialsOf, type Credentials, type Reached } from "./reached.ts";
import { RepairedSending } from "./repaired-sending.ts";
import { readFeedback, streamsIn, type Feedback } from "./rtcp.ts";
import { isRtp, opus, sourceOf } from "./rtp.ts";
import type { Section, Sending } from "./section.ts";
import { SourceLimit } from "./source-limit.ts";

/** Bytes a second that are accepted of what a participant's browser reports of all that it sends and is sent. */
const mostFeedbackBytes = 200_000;
/** The section that the engine knows, and the source number that it says it has. */
const carrierMid = "mic";
const carrierSsrc = 1_000;

export interface OutputOptions extends OfferedSection {
  ssrc: number;
  /** The participant's browser says what it needs of what is sent there. */
  take?: (feedback: Feedback) => unknown;
}

export interface BundleOptions {
  name: string;
  reached: Reached;
  offer: (sdp: string) => void;
  lost: () => void;
}

/**
 * The connection to one participant, with all its sections, which share one transport (BUNDLE, RFC 8843). The engine agrees on one
 * of them and carries the packets of all; which section a packet belongs to is seen here, by its source number.
 */
export class Bundle {
  readonly #connection: EngineConnection;
  readonly #section: Section;
  readonly #offered: OfferedSection[] = [];
  readonly #inputs = new Map<string, Input>();
  readonly #inputsBySource = new Map<number, Input>();
  readonly #outputs = new Map<number, { take: OutputOptions["take"]; repaired: RepairedSending | null }>();
  readonly #feedbackLimit = new InputLimit(mostFeedbackBytes);
  readonly #sources = new SourceLimit();
  readonly #lost: () => void;
  #credentials: Credentials | null = null;
  #answered: ClientDescription | null = null;
  #isClosed = false;

  /** @throws Error */
  constructor({ name, reached, offer, lost }: BundleOptions) {
    this.#lost = lost;
    this.#connection = new EngineConnection(name, reached.port);
    this.#section = this.#connection.addVoice({ mid: carrierMid, payloadType: opus, ssrc: carrierSsrc });
    this.#section.onMessage((packet) => this.#arrived(packet));
    this.#connection.onDescription((sdp) => {
      this.#credentials = credentialsOf(sdp);
      const [fingerprint, setup] = [attributeOf(sdp, "fingerprint"), "actpass"];
      offer(writeOffer({ ...this.#credentials, fingerprint, setup }, reached, this.#offered));
    });
    this.#connection.onLost(lost);
  }

  /** By which the participant's browser proves that it was told the offer; null before there is one. */
  get credentials(): Credentials | null {
    return this.#credentials;
  }

  get isConnected(): boolean {
    return !this.#isClosed && this.#connection.isConnected;
  }

  /** Adds a section in which the participant sends. */
  receive(options: InputOptions): Input {
    const input = new Input(options, this.#section);
    this.#offered.push({ mid: options.mid, kind: options.kind, ssrc: null });
    this.#inputs.set(options.mid, input);
    return input;
  }

  /** Adds a section in which the participant is sent something. */
  send({ mid, kind, ssrc, take }: OutputOptions): Sending {
    const repaired = kind === "video" ? new RepairedSending(this.#section, ssrc) : null;
    this.#offered.push({ mid, kind, ssrc });
    this.#outputs.set(ssrc, { take, repaired });
    return repaired ?? this.#section;
  }

  /** Makes the offer of all these sections. */
  open(): void {
    this.#connection.describe("offer");
  }

  /** What is answered may be anything. An answer that is not awaited is ignored. */
  answer(sdp: string): "applied" | "refused" | "ignored" {
    if (!this.#connection.awaitsAnswer) return "ignored";
    const answer = readDescription(sdp);
    if (answer?.voice.mid !== carrierMid) return "refused";
    if (!this.#connection.accept(rewriteDescription(answer), "answer")) return "refused";
    this.#answered = answer;
    for (const { mid, sources } of answer.sections) {
      const input = this.#inputs.get(mid);
      if (!input || sources[0] === undefined) continue;
      input.setSource(sources[0]);
      for (const ssrc of sources) this.#inputsBySource.set(ssrc, input);
    }
    return "applied";
  }

  /** Whether the participant has agreed to send in this section. */
  isSending(mid: string): boolean {
    const section = this.#answered?.sections.find((one) => one.mid === mid);
    return section !== undefined && section.payloadType !== null && section.sends;
  }

  /** Sends an RTCP packet about what the participant sends. */
  report(message: Buffer): boolean {
    return this.#section.send(message);
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#connection.close();
  }

  #arrived(packet: Buffer): void {
    if (this.#isClosed) return;
    const isMedia = isRtp(packet);
    const input = isMedia ? this.#inputsBySource.get(sourceOf(packet)) : undefined;
    if (input) return input.arrived(packet);
    const nowMs = performance.now();
    // The engine is calling: it ends the connection afterwards.
    if (!this.#sources.allows(sourceOf(packet))) setImmediate(guarded(() => this.#lost()));
    else if (!isMedia && this.#feedbackLimit.allows(packet, nowMs)) this.#reported(packet);
  }

  /** One datagram reports of several streams. */
  #reported(datagram: Buffer): void {
    const streams = streamsIn(datagram);
    // A section may have several sources, and answers once.
    const inputs = new Set([...streams].map((ssrc) => this.#inputsBySource.get(ssrc)));
    for (const input of inputs) input?.reported(datagram);
    for (const ssrc of streams) {
      const output = this.#outputs.get(ssrc);
      output?.repaired?.resend(datagram);
      output?.take?.(readFeedback(datagram, ssrc));
    }
  }
}
