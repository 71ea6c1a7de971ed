import type { Clock } from "../clock.ts";
import { announcedAddresses } from "../voice/forwarding/announced-addresses.ts";
import { hasTurnOverTcp, turnedPortOf } from "../voice/forwarding/forwarding.ts";
import type { FromUnit, ToUnit } from "../voice/forwarding/messages.ts";
import { ForwardingUnit } from "../voice/forwarding/unit/forwarding-unit.ts";
import { guarded } from "../voice/forwarding/unit/guard.ts";
import { findUdpPort } from "../voice/forwarding/unit/find-udp-port.ts";
import { turnServers } from "../voice/mesh.ts";
import type { NodeSettings } from "./node-settings.ts";

const reportMs = 2_000;

interface Welcome {
  /** This machine's address, as the instance sees it. */
  address: string | null;
  hasTurnOverTcp: boolean;
}

/** The forwarding unit of a voice node while it has a link, with the TURN servers of its region. */
export class NodeUnit {
  readonly port: number;
  readonly addresses: readonly string[];
  readonly #unit: ForwardingUnit;
  /** What one participant cannot be given does not end the calls of the others. */
  readonly #receive: (message: ToUnit) => void;
  readonly #users: Map<string, number>;
  readonly #reports: NodeJS.Timeout;

  /** @throws Error when a port is taken */
  static async open(
    settings: NodeSettings,
    welcome: Welcome,
    { clock, send }: { clock: Clock; send: (message: FromUnit) => void },
  ): Promise<NodeUnit> {
    const port = await findUdpPort(settings.VOICE_PORT);
    const found = await announcedAddresses({ voiceAddresses: settings.VOICE_ADDRESS, publicUrl: undefined });
    const isSet = settings.VOICE_ADDRESS.length > 0;
    const addresses = welcome.address === null || isSet ? found : [...new Set([welcome.address, ...found])];
    const needsTurned = welcome.hasTurnOverTcp || hasTurnOverTcp(settings.TURN_URLS);
    const turnedPort = needsTurned ? turnedPortOf(settings.VOICE_PORT) : null;
    const users = new Map<string, number>();
    const withTurn = (message: FromUnit): FromUnit => {
      if (message.kind !== "offer") return message;
      const iceServers = turnServersOf(settings, users.get(message.peer) ?? 0, clock);
      return iceServers.length > 0 ? { ...message, iceServers } : message;
    };
    const unit = await ForwardingUnit.open({ port, addresses, turnedPort }, (message) => send(withTurn(message)));
    return new NodeUnit({ unit, port, addresses, users });
  }

  private constructor(parts: {
    unit: ForwardingUnit;
    port: number;
    addresses: readonly string[];
    users: Map<string, number>;
  }) {
    this.port = parts.port;
    this.addresses = parts.addresses;
    this.#unit = parts.unit;
    this.#receive = guarded((message) => parts.unit.receive(message));
    this.#users = parts.users;
    this.#reports = setInterval(() => parts.unit.report(), reportMs);
    this.#reports.unref();
  }

  receive(message: ToUnit): void {
    if (message.kind === "open") this.#users.set(message.peer, message.userId);
    if (message.kind === "close") this.#users.delete(message.peer);
    this.#receive(message);
  }

  close(): void {
    clearInterval(this.#reports);
    this.#unit.close();
  }
}

/** Credentials are made here, so that the secret of the region's TURN servers stays on this machine. */
function turnServersOf({ TURN_URLS, TURN_SECRET, TURN_TTL }: NodeSettings, userId: number, clock: Clock) {
  const ofRegion = { turnUrls: TURN_URLS, turnSecret: TURN_SECRET, turnTtlMs: TURN_TTL };
  return turnServers({ ...ofRegion, stunUrls: [], voiceRelayOnly: false }, userId, clock);
}
