import { connect, type Socket } from "node:net";
import type { WireFormat, WireEvent } from "./wire-format.ts";
import { encodePong, encodeText } from "./frame-encoder.ts";
import { FrameParser, opcodes, type FrameSink } from "./frame-parser.ts";

/** Shared read buffer of all sockets: each read is handled before the next one. */
const readBuffer = Buffer.allocUnsafeSlow(256 * 1024);
const endOfHead = "\r\n\r\n";
const deflateOffer =
  "Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover; client_no_context_takeover\r\n";

export interface ConnectionOptions {
  port: number;
  /** One of 127.0.0.x, since one address has too few ports for 10,000 connections that reconnect. */
  sourceAddress: string;
  path: string;
  format: WireFormat;
  compression: boolean;
  /** A sampled connection parses every frame; the others only count bytes and frames. */
  sampled: boolean;
}

export interface ConnectionListener {
  event(connection: Connection, event: WireEvent, at: number): void;
  closed(connection: Connection, code: number): void;
}

/** Bytes and frames over all connections, counted in one shared object because that is cheaper than summing. */
export interface WireCount {
  bytes: number;
  frames: number;
}

/** One WebSocket client on a plain TCP socket. It can connect again after it was closed. */
export class Connection implements FrameSink {
  readonly index: number;
  readonly options: ConnectionOptions;
  /** Position in its channel; -1 before the first `channel_synced`. */
  position = -1;
  isUp = false;
  bytes = 0;
  #listener: ConnectionListener;
  #wire: WireCount;
  #socket: Socket | null = null;
  #parser = new FrameParser(this);
  #head = "";
  #isOpen = false;
  #isSettingUp = true;
  #closeCode = 1006;
  #readAt = 0;

  constructor(index: number, options: ConnectionOptions, listener: ConnectionListener, wire: WireCount) {
    this.index = index;
    this.options = options;
    this.#listener = listener;
    this.#wire = wire;
  }

  /** Connects, and drops the socket before, of which nothing is read any more. */
  dial(): void {
    this.drop();
    this.#parser = new FrameParser(this);
    this.#head = "";
    this.#isOpen = false;
    this.#isSettingUp = true;
    this.#closeCode = 1006;
    const socket: Socket = connect({
      host: "127.0.0.1",
      port: this.options.port,
      localAddress: this.options.sourceAddress,
      noDelay: true,
      onread: { buffer: readBuffer, callback: (length) => socket !== this.#socket || this.#read(length) },
    });
    this.#socket = socket;
    socket.on("connect", () => socket.write(this.#request()));
    socket.on("error", () => socket.destroy());
    socket.on("close", () => this.#closed(socket));
  }

  send(command: object): void {
    this.#socket?.write(encodeText(this.options.format.encode(command)));
  }

  /** Ends the set-up: from now on an unsampled connection only counts. */
  settle(): void {
    this.#isSettingUp = false;
  }

  drop(): void {
    this.#socket?.destroy();
  }

  wants(opcode: number, payloadBytes: number): boolean {
    if (opcode !== opcodes.text) return true;
    return this.options.sampled || this.#isSettingUp || payloadBytes <= this.options.format.inspectedBytes;
  }

  frame(opcode: number, payload: Buffer | null): void {
    this.#wire.frames += 1;
    if (!payload) return;
    if (opcode === opcodes.ping) this.#socket?.write(encodePong(payload));
    else if (opcode === opcodes.close) this.#closeCode = payload.length < 2 ? 1005 : payload.readUInt16BE(0);
    else if (opcode === opcodes.text) this.#text(payload.toString());
  }

  #text(text: string): void {
    const { events, answer } = this.options.format.decode(text);
    if (answer !== null) this.#socket?.write(encodeText(answer));
    for (const event of events) {
      if (event.type === "connection_established") this.isUp = true;
      this.#listener.event(this, event, this.#readAt);
    }
  }

  #read(length: number): boolean {
    this.#readAt = performance.now();
    this.bytes += length;
    this.#wire.bytes += length;
    if (this.#isOpen) this.#parser.feed(readBuffer, 0, length);
    else this.#readHead(length);
    return true;
  }

  #readHead(length: number): void {
    const before = this.#head.length;
    this.#head += readBuffer.toString("latin1", 0, length);
    const end = this.#head.indexOf(endOfHead);
    if (end < 0) return;
    if (!this.#head.startsWith("HTTP/1.1 101")) return this.drop();
    if (this.options.compression && !/permessage-deflate/i.test(this.#head))
      throw new Error("server declined compression");
    this.#isOpen = true;
    this.#parser.feed(readBuffer, end + endOfHead.length - before, length);
  }

  #request(): string {
    const key = Buffer.alloc(16, this.index).toString("base64");
    return (
      `GET ${this.options.format.target(this.options.path)} HTTP/1.1\r\nHost: 127.0.0.1:${this.options.port}\r\n` +
      `Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n` +
      `${this.options.compression ? deflateOffer : ""}\r\n`
    );
  }

  /** Ignores the close of a socket that a new one has replaced. */
  #closed(socket: Socket): void {
    if (socket !== this.#socket) return;
    this.isUp = false;
    this.#socket = null;
    this.#listener.closed(this, this.#closeCode);
  }
}
