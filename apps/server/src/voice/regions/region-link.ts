import { randomUUID } from "node:crypto";
import { closeCodes } from "@miscord/protocol";
import type { Clock, Timer } from "../../clock.ts";
import type { FromUnit, ToUnit, UnitFigures } from "../forwarding/messages.ts";
import { beatMs, linkVersion, silentBeats, type FromNode, type ToNode } from "./link-messages.ts";

/** Until then a voice node is ready, or tries again. */
const readyBeats = 30;
/** The round trip is measured with every so many beats; the shortest of the latest ones counts, without what the processes waited. */
const pingBeats = 4;
const keptTrips = 8;

/** The connection of a voice node, as its link sees it. Neither waits nor throws. */
export interface LinkPort {
  send(message: ToNode): void;
  close(code: number, reason: string): void;
}

export interface RegionLinkOptions {
  readonly name: string;
  readonly port: LinkPort;
  readonly clock: Clock;
  readonly welcome: Omit<Extract<ToNode, { kind: "welcome" }>, "kind" | "region" | "takesUnreached">;
  /** Of this instance, for the sentence that refuses another one. */
  readonly version: string;
  readonly onReady: (link: RegionLink) => void;
  readonly onMessage: (link: RegionLink, message: Extract<FromUnit, { peer: string }>) => void;
  readonly onEnded: (link: RegionLink, reason: string) => void;
}

/** The link to one voice node, from its first message until either side ends it or falls silent. */
export class RegionLink {
  readonly id = randomUUID();
  readonly name: string;
  /** When it became ready, in milliseconds since the epoch. */
  readyAt: number | null = null;
  url: string | null = null;
  /** Of the voice node; null before it has said hello. */
  version: string | null = null;
  /** When its latest message came, in milliseconds since the epoch. */
  seenAt: number;
  stunUrl: string | null = null;
  figures: UnitFigures | null = null;
  readonly #options: RegionLinkOptions;
  readonly #beats: Timer;
  #isWelcome = false;
  #hasEnded = false;
  /** Periods since the last message; a process that stood still itself counts none meanwhile. */
  #silent = 0;
  #age = 0;
  #ping = { number: 0, sentAt: 0 };
  #trips: readonly number[] = [];

  constructor(options: RegionLinkOptions) {
    this.#options = options;
    this.name = options.name;
    this.seenAt = options.clock.now();
    this.#beats = options.clock.setInterval(() => this.#beat(), beatMs);
  }

  get isReady(): boolean {
    return this.readyAt !== null && !this.#hasEnded;
  }

  /** Milliseconds from this node to the voice node and back; null before it was measured. */
  get roundTripMs(): number | null {
    return this.#trips.length === 0 ? null : Math.min(...this.#trips);
  }

  receive(message: FromNode): void {
    if (this.#hasEnded) return;
    this.#silent = 0;
    this.seenAt = this.#options.clock.now();
    switch (message.kind) {
      case "beat":
        return this.#answered(message.ping);
      case "hello":
        return this.#hello(message);
      case "ready":
        return this.#ready(message.stunUrl);
      case "figures":
        this.figures = message;
        return;
      default:
        if (this.isReady) this.#options.onMessage(this, withoutUndefined(message));
    }
  }

  /** Does nothing while the voice node is not ready. */
  send(message: Exclude<ToUnit, { kind: "start" }>): void {
    if (this.isReady) this.#options.port.send(message);
  }

  end(code: number, reason: string): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#beats.cancel();
    this.#options.port.close(code, reason);
    this.#options.onEnded(this, reason);
  }

  #hello({ link, version, url }: Extract<FromNode, { kind: "hello" }>): void {
    if (this.#isWelcome) return this.end(closeCodes.malformed, "Only one hello is expected.");
    if (link !== linkVersion) {
      const ours = this.#options.version;
      return this.end(
        closeCodes.forbidden,
        `The instance runs Miscord ${ours}, this is ${version}: update the older one.`,
      );
    }
    this.#isWelcome = true;
    this.url = originOf(url);
    this.version = version;
    this.#options.port.send({ kind: "welcome", region: this.name, ...this.#options.welcome, takesUnreached: true });
  }

  /** What a voice node answers that was not asked counts for nothing. */
  #answered(ping: number | undefined): void {
    const { number, sentAt } = this.#ping;
    if (ping === undefined || ping !== number) return;
    this.#ping = { number: -1, sentAt: 0 };
    this.#trips = [...this.#trips, this.#options.clock.monotonic() - sentAt].slice(-keptTrips);
  }

  #ready(stunUrl: string | null): void {
    if (!this.#isWelcome || this.readyAt !== null) return;
    this.stunUrl = stunUrl;
    this.readyAt = this.#options.clock.now();
    this.#options.onReady(this);
  }

  #beat(): void {
    this.#silent += 1;
    this.#age += 1;
    if (this.#silent > silentBeats) return this.end(closeCodes.tryAgainLater, "The voice node is silent.");
    if (this.readyAt === null && this.#age > readyBeats) {
      return this.end(closeCodes.tryAgainLater, "The voice node was not ready in time.");
    }
    if (!this.isReady || this.#age % pingBeats !== 0) return this.#options.port.send({ kind: "beat" });
    this.#ping = { number: this.#age, sentAt: this.#options.clock.monotonic() };
    this.#options.port.send({ kind: "beat", ping: this.#age });
  }
}

/** A key without a value is none: the types tell them apart. */
function withoutUndefined(message: Extract<FromNode, { peer: string }>): Extract<FromUnit, { peer: string }> {
  if (message.kind !== "offer") return message;
  const { iceServers, ...offer } = message;
  return iceServers ? { ...offer, iceServers } : offer;
}

/** Hosts of URLs may hold quotes, stars, commas and semicolons, with which this would say more in the policy of every page. */
const plainOrigin = /^https?:\/\/(?:[\w.-]+|\[[\da-f:]+\])(?::\d+)?$/;

/** Null for what browsers cannot ask. */
function originOf(url: string | null): string | null {
  const origin = url === null ? undefined : URL.parse(url)?.origin;
  return origin !== undefined && plainOrigin.test(origin) ? origin : null;
}
