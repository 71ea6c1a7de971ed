import { randomUUID } from "node:crypto";
import type { Clock } from "../../clock.ts";
import type { MediaRequest, Signal } from "../events.ts";
import { unitId, type MediaStatus, type Watched } from "../media.ts";
import type { MediaMember, MediaSeat } from "../routing.ts";
import { announcedAddresses } from "./announced-addresses.ts";
import { hasEngine } from "./has-engine.ts";
import type { FromUnit, UnitFigures } from "./messages.ts";
import { UnitProcess } from "./unit-process.ts";

export interface ForwardingSettings {
  /** Whether media goes through the forwarding unit. */
  readonly forwardsVoice: boolean;
  /** UDP port of the unit; 0 takes a free one. */
  readonly voicePort: number;
  readonly turnUrls: readonly string[];
  /** Addresses at which browsers reach the port: IP addresses and host names. Empty: those of this machine. */
  readonly voiceAddresses: readonly string[];
  readonly publicUrl: string | undefined;
}

/** What rooms need of the forwarding unit. */
export interface Forwarding {
  /** Whether the operator wants calls to be forwarded. */
  readonly isWanted: boolean;
  /** False where rooms have to do without. */
  readonly isAvailable: boolean;
  /** Why it is not available; null while it is. */
  readonly problem: string | null;
  /** Of the process that runs; undefined while none does. */
  readonly pid: number | undefined;
  /** Of the present process; null before the first report. */
  readonly figures: UnitFigures | null;
  onChange(listener: () => void): void;
  /** Offers the participant a connection, and another one whenever the process was replaced. */
  connect(member: MediaMember): MediaSeat;
  close(): void;
}

export interface ForwardingDependencies {
  readonly clock: Clock;
  readonly settings: ForwardingSettings;
  readonly onFailure: (error: unknown) => void;
}

/** The forwarding unit of this node: a process of its own that receives all media once and sends it to the others. */
export function createForwarding(dependencies: ForwardingDependencies): Forwarding {
  return new ProcessForwarding(dependencies);
}

class ProcessForwarding implements Forwarding {
  readonly #process: UnitProcess;
  readonly #peers = new Map<string, MemberPeer>();
  readonly #members = new Set<MemberPeer>();
  readonly #listeners: (() => void)[] = [];
  readonly isWanted: boolean;
  #problem: string | null;
  #lastReason = "";
  readonly #onFailure: (error: unknown) => void;
  figures: UnitFigures | null = null;

  constructor({ clock, settings, onFailure }: ForwardingDependencies) {
    this.isWanted = settings.forwardsVoice;
    this.#onFailure = onFailure;
    this.#problem = problemOf(settings);
    if (this.isWanted && this.#problem) onFailure(new Error(`calls are a mesh: ${this.#problem}`));
    this.#process = new UnitProcess({
      clock,
      unit: async () => ({
        port: settings.voicePort,
        addresses: await announcedAddresses(settings),
        turnedPort: turnedPortOf(settings),
      }),
      onReady: () => this.#offerAll(),
      onMessage: (message) => this.#receive(message),
      onUsable: (isUsable) => this.#setProblem(isUsable ? null : this.#lastReason),
      onFailure: (reason) => {
        this.#lastReason = reason;
        onFailure(new Error(reason));
      },
    });
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  get isAvailable(): boolean {
    return this.#problem === null;
  }

  get problem(): string | null {
    return this.#problem;
  }

  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  connect(member: MediaMember): MediaSeat {
    const peer = new MemberPeer(member, {
      open: (one, former) => this.#open(one, former),
      send: (message) => this.#process.send(message),
      forget: (one) => {
        this.#members.delete(one);
        this.#peers.delete(one.connectionId);
      },
    });
    this.#members.add(peer);
    this.#process.start();
    peer.open();
    return peer;
  }

  close(): void {
    this.#process.stop();
  }

  #open(peer: MemberPeer, former: string): void {
    this.#peers.delete(former);
    this.#peers.set(peer.connectionId, peer);
  }

  #offerAll(): void {
    this.figures = null;
    for (const peer of this.#members) peer.open();
  }

  #receive(message: FromUnit): void {
    if (message.kind === "figures") this.figures = message;
    else if (message.kind === "offer") this.#peers.get(message.peer)?.offered(message.sdp);
    else if (message.kind === "tracks") this.#peers.get(message.peer)?.told(message);
  }

  #setProblem(problem: string | null): void {
    this.#problem = problem;
    if (problem) this.#onFailure(new Error(`calls are a mesh: ${problem}`));
    for (const listener of this.#listeners) listener();
  }
}

/** Above the ports of many workers. */
const turnedPortAbove = 100;

function turnedPortOf({ voicePort, turnUrls }: ForwardingSettings): number | null {
  const isOverTcp = turnUrls.some((url) => url.startsWith("turns:") || url.includes("transport=tcp"));
  if (!isOverTcp) return null;
  if (voicePort === 0) return 0;
  const port = voicePort + turnedPortAbove;
  // Without it the others still have their calls.
  return port > 65_535 ? null : port;
}

function problemOf({ forwardsVoice }: ForwardingSettings): string | null {
  if (!forwardsVoice) return "VOICE_MODE is mesh.";
  return hasEngine() ? null : `There is no forwarding engine for ${process.platform} on ${process.arch}.`;
}

interface MemberLinks {
  open: (peer: MemberPeer, former: string) => void;
  send: UnitProcess["send"];
  forget: (peer: MemberPeer) => void;
}

class MemberPeer implements MediaSeat {
  connectionId = "";
  readonly #member: MediaMember;
  readonly #links: MemberLinks;
  #status: MediaStatus;
  #watched: Watched = { userIds: [], cameraIds: [], smallUserIds: [], smallCameraIds: [] };

  constructor(member: MediaMember, links: MemberLinks) {
    this.#member = member;
    this.#links = links;
    this.#status = member.status;
  }

  /** Asks the process for a new connection in place of the present one. */
  open(): void {
    const former = this.connectionId;
    this.connectionId = randomUUID();
    this.#links.open(this, former);
    const { channelId: room, userId } = this.#member;
    if (former) this.#links.send({ kind: "close", peer: former });
    this.#links.send({ kind: "open", peer: this.connectionId, room, userId, status: this.#status });
    if (this.#watched.userIds.length + this.#watched.cameraIds.length > 0) this.#watch(this.#watched);
  }

  offered(sdp: string): void {
    const signal: Signal = { kind: "offer", sdp, extra: { connection_id: this.connectionId } };
    this.#member.deliver({ kind: "signal", fromId: unitId, signal });
  }

  told({ kind, peer: connectionId, ...told }: Extract<FromUnit, { kind: "tracks" }>): void {
    this.#member.deliver({ kind, connectionId, ...told });
  }

  signal(signal: Signal): void {
    // Addresses of participants are of no use to the unit, which only answers; offers are its own to make.
    if (signal.kind !== "answer" || signal.extra["target_connection_id"] !== this.connectionId) return;
    this.#links.send({ kind: "answer", peer: this.connectionId, sdp: signal.sdp });
  }

  ask(request: MediaRequest): void {
    if (request.kind === "watch") this.#watch(request);
    else if (request.connectionId === null || request.connectionId === this.connectionId) this.open();
  }

  update(status: MediaStatus): void {
    this.#status = status;
    this.#links.send({ kind: "status", peer: this.connectionId, status });
  }

  leave(): void {
    this.#links.forget(this);
    this.#links.send({ kind: "close", peer: this.connectionId });
  }

  #watch({ userIds, cameraIds, smallUserIds, smallCameraIds }: Watched): void {
    this.#watched = { userIds, cameraIds, smallUserIds, smallCameraIds };
    this.#links.send({ kind: "watch", peer: this.connectionId, ...this.#watched });
  }
}
