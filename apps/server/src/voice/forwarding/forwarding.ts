import type { Clock } from "../../clock.ts";
import type { MediaMember, MediaSeat } from "../routing.ts";
import { announcedAddresses } from "./announced-addresses.ts";
import { hasEngine } from "./has-engine.ts";
import type { FromUnit, UnitFigures } from "./messages.ts";
import { UnitMembers } from "./unit-members.ts";
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
  /** Offers the participant a connection, and another one whenever the process was replaced; a bridged one makes the offers. */
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
  readonly #members = new UnitMembers((message) => this.#process.send(message));
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
        turnedPort: hasTurnOverTcp(settings.turnUrls) ? turnedPortOf(settings.voicePort) : null,
      }),
      onReady: () => {
        this.figures = null;
        this.#members.openAll();
      },
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
    this.#process.start();
    return this.#members.connect(member);
  }

  close(): void {
    this.#process.stop();
  }

  #receive(message: FromUnit): void {
    if (message.kind === "figures") this.figures = message;
    else this.#members.receive(message);
  }

  #setProblem(problem: string | null): void {
    this.#problem = problem;
    if (problem) this.#onFailure(new Error(`calls are a mesh: ${problem}`));
    for (const listener of this.#listeners) listener();
  }
}

/** Above the ports of many workers. */
const turnedPortAbove = 100;

/** Whether one of the TURN servers is reached over TCP or TLS. */
export function hasTurnOverTcp(turnUrls: readonly string[]): boolean {
  return turnUrls.some((url) => url.startsWith("turns:") || url.includes("transport=tcp"));
}

/** The second port of a unit with this port, for those who come through a TURN server over TCP or TLS. */
export function turnedPortOf(voicePort: number): number | null {
  if (voicePort === 0) return 0;
  const port = voicePort + turnedPortAbove;
  // Without it the others still have their calls.
  return port > 65_535 ? null : port;
}

function problemOf({ forwardsVoice }: ForwardingSettings): string | null {
  if (!forwardsVoice) return "VOICE_MODE is mesh.";
  return hasEngine() ? null : `There is no forwarding engine for ${process.platform} on ${process.arch}.`;
}
