import type { FromUnit, ToUnit, UnitOptions } from "../messages.ts";
import { TurnedPort } from "./turned-port.ts";
import { UnitPeer, type PeerListener } from "./unit-peer.ts";
import { UnitRoom } from "./unit-room.ts";

/** How often it is decided which encodings viewers are sent. */
const reviewMs = 500;

/** Receives what participants say and show, and sends it on to the others of their rooms. Knows no names and no rights. */
export class ForwardingUnit {
  readonly #options: UnitOptions;
  readonly #send: (message: FromUnit) => void;
  readonly #peers = new Map<string, UnitPeer>();
  readonly #rooms = new Map<number, UnitRoom>();
  readonly #counters = { packetsIn: 0, packetsOut: 0, bytesOut: 0 };
  readonly #listener: PeerListener;
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
      feedback: (peer, kind, place, feedback) =>
        this.#rooms.get(peer.room)?.pictures.feedback(peer, kind, place, feedback),
      lost: (peer) => this.#close(peer),
    };
    this.#reviewing = setInterval(() => this.#review(), reviewMs);
    this.#reviewing.unref();
  }

  receive(message: ToUnit): void {
    if (message.kind === "open") return this.#open(message);
    if (message.kind === "start") return;
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
    this.#send({ kind: "figures", peers: this.#peers.size, ...this.#counters });
  }

  close(): void {
    clearInterval(this.#reviewing);
    this.#turnedPort?.close();
    for (const peer of this.#peers.values()) peer.close();
  }

  #passwordOf(ufrag: string): string | undefined {
    return this.#peers.values().find((peer) => peer.credentials?.ufrag === ufrag)?.credentials?.password;
  }

  #review(): void {
    const nowMs = performance.now();
    for (const room of this.#rooms.values()) room.pictures.review(nowMs);
  }

  #open({ peer: id, room: roomId, userId, status }: Extract<ToUnit, { kind: "open" }>): void {
    const { port, addresses } = this.#options;
    const source = ++this.#sources;
    const turnedPort = this.#turnedPort?.port ?? null;
    const reached = { port, turnedPort, addresses };
    const peer = new UnitPeer({ id, room: roomId, userId, status, source, reached, listener: this.#listener });
    this.#peers.set(id, peer);
    const room =
      this.#rooms.get(roomId) ??
      new UnitRoom(({ id: peer }, tracks) => this.#send({ kind: "tracks", peer, ...tracks }), this.#counters);
    this.#rooms.set(roomId, room);
    room.enter(peer);
  }

  /** A participant's answer may be anything. */
  #answer(peer: UnitPeer, sdp: string): void {
    try {
      // It says which encodings there are.
      if (peer.answer(sdp)) this.#rooms.get(peer.room)?.changed();
    } catch {
      this.#close(peer);
    }
  }

  #close(peer: UnitPeer): void {
    if (!this.#peers.delete(peer.id)) return;
    const room = this.#rooms.get(peer.room);
    room?.leave(peer);
    if (room?.isEmpty) this.#rooms.delete(peer.room);
    peer.close();
  }

  #arrived({ room }: UnitPeer): UnitRoom | undefined {
    this.#counters.packetsIn += 1;
    return this.#rooms.get(room);
  }
}
