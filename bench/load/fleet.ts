import { Connection, type ConnectionListener, type WireCount } from "./connection.ts";
import { wireFormats, type WireFormatName, type WireEvent } from "./wire-format.ts";
import { Ledger } from "./ledger.ts";

export interface FleetPlan {
  /** Connections go to them in turn. */
  ports: readonly number[];
  format: WireFormatName;
  compression: boolean;
  /** One connection each: its URL path, and the channel that it joins. */
  clients: readonly { path: string; channel: number | null }[];
  /** One connection in this many is sampled. */
  sampleEvery: number;
  /** Channels in which every connection is sampled. */
  sampledChannels: readonly number[];
}

interface Waiting {
  type: string;
  done: () => void;
  failed: (why: Error) => void;
}

const connectionsMax = 12_000;
const sourceAddresses = 40;
/** Clients that connect at the same time. */
export const dialsAtOnce = 100;
const setUpLimitMs = 60_000;

/** All connections of one run, with counts of what they received and what was refused. */
export class Fleet implements ConnectionListener {
  readonly plan: FleetPlan;
  readonly connections: Connection[];
  readonly wire: WireCount = { bytes: 0, frames: 0 };
  readonly ledger = new Ledger();
  readonly listenersIn = new Map<number, Connection[]>();
  /**
   * Estimated messages delivered to all connections: those seen on sampled ones, times the connections each
   * represents.
   */
  deliveries = 0;
  /** Reconnected clients whose channel the server could not resume at their position. */
  unresumed = 0;
  /** Events received on sampled connections, by type. */
  readonly arrivals = new Map<string, number>();
  readonly refusals = new Map<string, number>();
  onMessage: (connection: Connection, number: number, event: WireEvent) => void = () => {};
  onAck: (connection: Connection, event: WireEvent) => void = () => {};
  /** Called when an established connection closes. */
  onClosed: (connection: Connection, code: number) => void = () => {};
  #waiting = new Map<Connection, Waiting>();

  constructor(plan: FleetPlan) {
    if (plan.clients.length > connectionsMax) throw new Error(`at most ${connectionsMax} connections`);
    this.plan = plan;
    this.connections = plan.clients.map((client, index) => this.#connection(index, client));
    for (const connection of this.connections) this.#enlist(connection);
  }

  /** Connects every client and joins its channel. */
  async open(): Promise<void> {
    const queue = this.connections.values();
    const dialNext = async (): Promise<void> => {
      for (const connection of queue) await this.bringUp(connection);
    };
    await Promise.all(Array.from({ length: dialsAtOnce }, dialNext));
  }

  /** Resolves when the connection is established and its channel synced. */
  async bringUp(connection: Connection): Promise<void> {
    const established = this.#until(connection, "connection_established");
    connection.dial();
    await established;
    const channel = this.channelOf(connection);
    if (channel !== null) {
      const synced = this.#until(connection, "channel_synced");
      const resume = connection.position < 0 ? {} : { after_seq: connection.position };
      connection.send({ type: "join_channel", channel_id: channel, ...resume });
      await synced;
    }
    connection.settle();
  }

  channelOf(connection: Connection): number | null {
    return this.plan.clients[connection.index]!.channel;
  }

  event(connection: Connection, event: WireEvent, at: number): void {
    if (connection.options.sampled) this.arrivals.set(event.type, (this.arrivals.get(event.type) ?? 0) + 1);
    if (event.type === "error") this.refusals.set(event.code ?? "?", (this.refusals.get(event.code ?? "?") ?? 0) + 1);
    if (event.type === "new_message") this.#message(connection, event, at);
    else if (event.type === "message_ack") this.onAck(connection, event);
    else if (event.type === "channel_synced") this.#synced(connection, event);
    if (event.seq !== undefined && event.channel_id === this.channelOf(connection)) this.#advance(connection, event);
    const waiting = this.#waiting.get(connection);
    if (waiting?.type === event.type) waiting.done();
  }

  closed(connection: Connection, code: number): void {
    const name = `closed_${code}`;
    this.refusals.set(name, (this.refusals.get(name) ?? 0) + 1);
    const waiting = this.#waiting.get(connection);
    if (waiting) waiting.failed(new Error(`closed with ${code} before ${waiting.type}`));
    else this.onClosed(connection, code);
  }

  close(): void {
    for (const connection of this.connections) connection.drop();
  }

  /** Number of connections that each sampled one represents. */
  get sampleWeight(): number {
    return this.connections.length / this.connections.filter((connection) => connection.options.sampled).length;
  }

  #enlist(connection: Connection): void {
    const channel = this.channelOf(connection);
    if (channel === null) return;
    const listeners = this.listenersIn.get(channel) ?? [];
    listeners.push(connection);
    this.listenersIn.set(channel, listeners);
    if (connection.options.sampled) this.ledger.sampledIn.set(channel, (this.ledger.sampledIn.get(channel) ?? 0) + 1);
  }

  #message(connection: Connection, event: WireEvent, at: number): void {
    const channel = event.channel_id ?? 0;
    this.deliveries += (this.listenersIn.get(channel)?.length ?? 0) / (this.ledger.sampledIn.get(channel) ?? 1);
    const number = this.ledger.arrived(connection, event.data?.content ?? "", at);
    if (number !== null) this.onMessage(connection, number, event);
  }

  #synced(connection: Connection, event: WireEvent): void {
    if (connection.position >= 0 && event.recovered === false) this.unresumed += 1;
    connection.position = event.seq ?? 0;
  }

  /** Counts gaps in the positions of live events; gaps in a replay are normal. */
  #advance(connection: Connection, event: WireEvent): void {
    if (event.type === "message_ack" || event.type === "channel_synced" || event.seq === undefined) return;
    if (this.#waiting.get(connection)?.type === "channel_synced" || event.seq <= connection.position) return;
    if (event.seq !== connection.position + 1) this.ledger.skipped();
    connection.position = event.seq;
  }

  #until(connection: Connection, type: string): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const finish = (): void => {
      clearTimeout(limit);
      this.#waiting.delete(connection);
    };
    const failed = (why: Error): void => {
      finish();
      reject(why);
    };
    const done = (): void => {
      finish();
      resolve();
    };
    const limit = setTimeout(() => failed(new Error(`no ${type} within ${setUpLimitMs} ms`)), setUpLimitMs);
    this.#waiting.set(connection, { type, done, failed });
    return promise;
  }

  #connection(index: number, client: FleetPlan["clients"][number]): Connection {
    const { ports, format, compression, sampleEvery, sampledChannels } = this.plan;
    const sampled = index % sampleEvery === 0 || (client.channel !== null && sampledChannels.includes(client.channel));
    // Sampled connections, too, are spread over the nodes.
    const port = ports[(index + Math.floor(index / sampleEvery)) % ports.length] ?? 0;
    const sourceAddress = `127.0.0.${2 + (index % sourceAddresses)}`;
    const options = { port, sourceAddress, path: client.path, format: wireFormats[format], compression, sampled };
    return new Connection(index, options, this, this.wire);
  }
}
