import type { ForwardedTracks } from "../../media.ts";
import type { FromUnit, ToUnit, UnitOptions } from "../messages.ts";
import { BridgedPeer, type BridgedListener } from "./bridge/bridged-peer.ts";
import { guarded } from "./guard.ts";
import { TurnedPort } from "./turned-port.ts";
import type { Reached } from "./reached.ts";
import { Shedding } from "./shedding.ts";
import { UnitPeer, type PeerListener } from "./unit-peer.ts";
import { UnitRoom } from "./unit-room.ts";

/** How often it is decided which encodings viewers are sent. */
const reviewMs = 500;
/** Most connections of clients of version 1, each of which has one for each other participant. */
const mostLinks = 500;

/** Receives what participants say and show, and sends it on to the others of their rooms. Knows no names and no rights. */
export class ForwardingUnit {
  readonly #options: UnitOptions;
  readonly #send: (message: FromUnit) => void;
  readonly #peers = new Map<string, UnitPeer>();
  readonly #bridged = new Map<string, BridgedPeer>();
  readonly #rooms = new Map<number, UnitRoom>();
  readonly #counters = { packetsIn: 0, packetsOut: 0, bytesOut: 0 };
  readonly #shedding = new Shedding();
  readonly #listener: PeerListener;
  readonly #bridgedListener: BridgedListener;
  readonly #reviewing: NodeJS.Timeout;
  #turnedPort: TurnedPort | null = null;
  #sources = 0;

  /** @throws Error when a port is taken */
  static async open(options: UnitOptions, send: (message: FromUnit) => void): Promise<ForwardingUnit> {
    const unit = new ForwardingUnit(options, send);
    const { port: unitPort, turnedPort: port } = options;
    const passwordOf = (ufrag: string) => unit.#passwordOf(ufrag);
    if (port !== null) unit.#turnedPort = await TurnedPort.open({ port, unitPort, passwordOf });
    return unit;
  }

  private constructor(options: UnitOptions, send: (message: FromUnit) => void) {
    this.#options = options;
    this.#send = send;
    this.#listener = {
      offer: ({ id }, sdp) => send({ kind: "offer", peer: id, sdp }),
      voice: (peer, packet) => this.#arrived(peer)?.voice(peer, packet),
      picture: (peer, encoding, packet) => this.#arrived(peer)?.pictures.send(peer, encoding, packet),
      screenSound: (peer, packet) => this.#arrived(peer)?.screenSound(peer, packet),
      mixed: (peer, packet) => this.#arrived(peer)?.mixed(peer, packet),
      feedback: (peer, kind, place, feedback) =>
        this.#rooms.get(peer.room)?.pictures.feedback(peer, kind, place, feedback),
      lost: (peer) => this.#close(peer),
    };
    this.#bridgedListener = {
      signal: ({ id }, signal) => send({ kind: "signal", peer: id, ...signal }),
      voice: (peer, from, packet) => this.#arrived(peer)?.voice(from, packet),
      screen: (peer, packet) => this.#arrived(peer)?.pictures.send(peer, { kind: "screen", size: "full" }, packet),
      screenSound: (peer, packet) => this.#arrived(peer)?.screenSound(peer, packet),
      feedback: (peer, place, feedback) =>
        this.#rooms.get(peer.room)?.pictures.feedback(peer, "screen", place, feedback),
      changed: ({ room }) => this.#rooms.get(room)?.changed(),
      unreached: ({ id }) => send({ kind: "unreached", peer: id }),
    };
    this.#reviewing = setInterval(() => this.#review(), reviewMs);
    this.#reviewing.unref();
  }

  receive(message: ToUnit): void {
    if (message.kind === "open") return this.#open(message);
    if (message.kind === "bridge") return this.#openBridged(message);
    if (message.kind === "start") return;
    const bridged = this.#bridged.get(message.peer);
    if (bridged) return this.#tellBridged(bridged, message);
    const peer = this.#peers.get(message.peer);
    if (!peer) return;
    switch (message.kind) {
      case "close":
        return this.#close(peer);
      case "answer":
        return this.#answer(peer, message.sdp);
      case "watch":
        peer.watch(message);
        return this.#rooms.get(peer.room)?.changed();
      case "status":
        peer.status = message.status;
        return this.#rooms.get(peer.room)?.changed();
    }
  }

  /** Tells the server what has been forwarded. */
  report(): void {
    this.#send({ kind: "figures", peers: this.#peers.size + this.#bridged.size, ...this.#counters });
  }

  close(): void {
    clearInterval(this.#reviewing);
    this.#turnedPort?.close();
    for (const peer of [...this.#peers.values(), ...this.#bridged.values()]) peer.close();
  }

  #passwordOf(ufrag: string): string | undefined {
    const known = this.#peers.values().find((peer) => peer.credentials?.ufrag === ufrag);
    if (known) return known.credentials?.password;
    for (const peer of this.#bridged.values()) {
      const password = peer.passwordOf(ufrag);
      if (password !== undefined) return password;
    }
    return undefined;
  }

  #review(): void {
    const nowMs = performance.now();
    this.#shedding.review();
    // What goes wrong in one call does not end the others.
    const review = guarded((room: UnitRoom) => room.review(nowMs));
    for (const room of this.#rooms.values()) review(room);
  }

  get #reached(): Reached {
    const { port, addresses } = this.#options;
    return { port, turnedPort: this.#turnedPort?.port ?? null, addresses };
  }

  #open({ peer: id, room, userId, status }: Extract<ToUnit, { kind: "open" }>): void {
    const source = ++this.#sources;
    const peer = new UnitPeer({ id, room, userId, status, source, reached: this.#reached, listener: this.#listener });
    this.#peers.set(id, peer);
    this.#roomOf(room).enter(peer);
  }

  #openBridged({ peer: id, room, userId, status }: Extract<ToUnit, { kind: "bridge" }>): void {
    const peer = new BridgedPeer({
      id,
      room,
      userId,
      status,
      reached: this.#reached,
      nextSource: () => ++this.#sources,
      hasPlace: () => this.#linkCount < mostLinks,
      listener: this.#bridgedListener,
    });
    this.#bridged.set(id, peer);
    this.#roomOf(room).enterBridged(peer);
  }

  get #linkCount(): number {
    return [...this.#bridged.values()].reduce((sum, { linkCount }) => sum + linkCount, 0);
  }

  #tellBridged(peer: BridgedPeer, message: Exclude<ToUnit, { kind: "start" | "open" | "bridge" }>): void {
    switch (message.kind) {
      case "close":
        return this.#closeBridged(peer);
      case "signal":
        return peer.receive(message);
      case "parted":
        return peer.forget(message.userId);
      case "status":
        peer.status = message.status;
        return this.#rooms.get(peer.room)?.changed();
    }
  }

  #closeBridged(peer: BridgedPeer): void {
    this.#bridged.delete(peer.id);
    this.#rooms.get(peer.room)?.leaveBridged(peer);
    this.#dropIfEmpty(peer.room);
    peer.close();
  }

  #roomOf(id: number): UnitRoom {
    const tell = ({ id: peer }: UnitPeer, tracks: ForwardedTracks) => this.#send({ kind: "tracks", peer, ...tracks });
    const shared = { counters: this.#counters, shedding: this.#shedding };
    const room = this.#rooms.get(id) ?? new UnitRoom(tell, shared);
    this.#rooms.set(id, room);
    return room;
  }

  #dropIfEmpty(id: number): void {
    if (this.#rooms.get(id)?.isEmpty) this.#rooms.delete(id);
  }

  /** A participant's answer may be anything. */
  #answer(peer: UnitPeer, sdp: string): void {
    const answered = peer.answer(sdp);
    // It says which encodings there are.
    if (answered === "applied") this.#rooms.get(peer.room)?.changed();
    else if (answered === "refused") this.#close(peer);
  }

  #close(peer: UnitPeer): void {
    if (!this.#peers.delete(peer.id)) return;
    this.#rooms.get(peer.room)?.leave(peer);
    this.#dropIfEmpty(peer.room);
    peer.close();
  }

  #arrived({ room }: { room: number }): UnitRoom | undefined {
    this.#counters.packetsIn += 1;
    return this.#rooms.get(room);
  }
}
