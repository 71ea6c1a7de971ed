/** An event as received from any contestant, with the fields that the generator reads. */
export interface WireEvent {
  type: string;
  channel_id?: number;
  seq?: number;
  recovered?: boolean;
  nonce?: string;
  code?: string;
  data?: { id?: number; content?: string };
}

/** A decoded text frame: its events, and the frame that the protocol requires as an answer, or null. */
interface Decoded {
  events: readonly WireEvent[];
  answer: string | null;
}

/** How one kind of server encodes commands and events in text frames. */
export interface WireFormat {
  /** The target of the HTTP request that opens the socket. */
  target(path: string): string;
  encode(command: object): string;
  decode(text: string): Decoded;
  /** Frames up to this size are parsed on every connection: they may be errors, or pings that require an answer. */
  readonly inspectedBytes: number;
}

const nothing: readonly WireEvent[] = [];

/** One JSON object a frame; several events may come wrapped in a `batch`. */
const json: WireFormat = {
  target: (path) => path,
  encode: (command) => JSON.stringify(command),
  decode(text) {
    const frame = JSON.parse(text) as WireEvent & { messages?: WireEvent[] };
    return { events: frame.type === "batch" ? (frame.messages ?? nothing) : [frame], answer: null };
  },
  inspectedBytes: 160,
};

/** Engine.IO 4 packets around Socket.IO packets: `0` open, `2` ping, `3` pong, `40` connect, `42` event. */
const socketIo: WireFormat = {
  target: () => "/socket.io/?EIO=4&transport=websocket",
  encode: (command) => `42${JSON.stringify(["command", command])}`,
  decode(text) {
    if (text === "2") return { events: nothing, answer: "3" };
    if (text.startsWith("0")) return { events: nothing, answer: "40" };
    if (text.startsWith("40")) return { events: [{ type: "connection_established" }], answer: null };
    const [, event] = JSON.parse(text.slice(2)) as [string, WireEvent];
    return { events: [event], answer: null };
  },
  inspectedBytes: 1,
};

export const wireFormats = { json, socketIo } satisfies Record<string, WireFormat>;
export type WireFormatName = keyof typeof wireFormats;
