/** An event as it came, whichever contestant sent it. Only the fields that the generator looks at. */
export interface WireEvent {
  type: string;
  channel_id?: number;
  seq?: number;
  recovered?: boolean;
  nonce?: string;
  code?: string;
  data?: { id?: number; content?: string };
}

/** What a text frame means: events to look at, and an answer that the protocol wants at once. */
interface Decoded {
  events: readonly WireEvent[];
  answer: string | null;
}

/** How commands and events look inside the frames of one kind of server. */
export interface Dialect {
  /** The target of the HTTP request that opens the socket. */
  target(path: string): string;
  encode(command: object): string;
  decode(text: string): Decoded;
  /** Frames up to this size are looked at on every connection: refusals, and pings that want an answer. */
  readonly lookedAtBytes: number;
}

const nothing: readonly WireEvent[] = [];

/** One JSON object a frame; several events may come wrapped in a `batch`. */
const json: Dialect = {
  target: (path) => path,
  encode: (command) => JSON.stringify(command),
  decode(text) {
    const frame = JSON.parse(text) as WireEvent & { messages?: WireEvent[] };
    return { events: frame.type === "batch" ? (frame.messages ?? nothing) : [frame], answer: null };
  },
  lookedAtBytes: 160,
};

/** Engine.IO 4 packets around Socket.IO packets: `0` open, `2` ping, `3` pong, `40` connect, `42` event. */
const socketIo: Dialect = {
  target: () => "/socket.io/?EIO=4&transport=websocket",
  encode: (command) => `42${JSON.stringify(["command", command])}`,
  decode(text) {
    if (text === "2") return { events: nothing, answer: "3" };
    if (text.startsWith("0")) return { events: nothing, answer: "40" };
    if (text.startsWith("40")) return { events: [{ type: "connection_established" }], answer: null };
    const [, event] = JSON.parse(text.slice(2)) as [string, WireEvent];
    return { events: [event], answer: null };
  },
  lookedAtBytes: 1,
};

export const dialects = { json, socketIo } satisfies Record<string, Dialect>;
export type DialectName = keyof typeof dialects;
