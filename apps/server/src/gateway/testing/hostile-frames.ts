import { deflateRawSync } from "node:zlib";
import { clientFrame } from "./client-frame.ts";
import type { Random } from "../../testing/random.ts";

type Maker = (random: Random) => Buffer;

const text = (random: Random, value: unknown) =>
  clientFrame(random, Buffer.from(typeof value === "string" ? value : (JSON.stringify(value) ?? "")));

const commands = [
  "chat_message",
  "typing",
  "heartbeat",
  "ping",
  "pong",
  "join_channel",
  "leave_channel",
  "reaction_add",
  "reaction_remove",
  "poll_vote",
  "message_edit",
  "message_delete",
  "mark_read",
  "set_status",
  "attention",
  "watch_members",
  "auth_refresh",
  "message",
  "offer",
  "answer",
  "ice_candidate",
  "speaking",
  "mute",
  "camera",
  "play_sound",
  "watch",
  "keys_join",
  "keys_commit",
  "ring",
  "screen_share_start",
  "quality_report",
  "batch",
  "constructor",
  "__proto__",
];
const fields = [
  "channel_id",
  "text_channel_id",
  "target_id",
  "offer",
  "sdp",
  "candidate",
  "is_muted",
  "is_camera_on",
  "camera_ids",
  "key_package",
  "group",
  "group_id",
  "commit",
  "welcome",
  "added",
  "small_user_ids",
  "small_camera_ids",
  "message_id",
  "content",
  "nonce",
  "emoji",
  "poll",
  "sticker_id",
  "sound_id",
  "answers",
  "duration_s",
  "seq",
  "after_seq",
  "epoch",
  "status",
  "token",
  "ref",
  "timestamp",
  "attachments",
  "reply_to_id",
  "lists",
  "user_ids",
  "__proto__",
  "constructor",
];

function value(random: Random, depth = 0): unknown {
  const plain = [
    () => random.below(5),
    () => -1,
    () => 2 ** 53,
    () => 1e308,
    () => 0.5,
    () => null,
    () => true,
    () => "",
    () => "text",
    () => "\u0000\ud800",
    () => "💥".repeat(random.below(3_000)),
    () => "x".repeat(random.below(6_000)),
    () => "'; drop table users; --",
    () => "online",
    () => "👍",
    () => random.bytes(random.below(20)).toString("latin1"),
  ];
  if (depth < 3 && random.below(8) === 0) return [value(random, depth + 1), value(random, depth + 1)];
  if (depth < 3 && random.below(8) === 0) return { [random.pick(fields)]: value(random, depth + 1) };
  return random.pick(plain)();
}

function command(random: Random): string {
  const parts = Array.from({ length: random.below(6) }, () => {
    return `${JSON.stringify(random.pick(fields))}:${JSON.stringify(value(random))}`;
  });
  return `{${[`"type":${JSON.stringify(random.pick(commands))}`, ...parts].join(",")}}`;
}

/** Frames that are valid WebSocket frames, with valid or invalid commands. */
export const wellFramed: Readonly<Record<string, Maker>> = {
  command: (random) => text(random, command(random)),
  "cut command": (random) => text(random, command(random).slice(0, random.below(60))),
  "any value": (random) => text(random, value(random)),
  "no text": (random) => text(random, ""),
  "deep arrays": (random) => text(random, "[".repeat(1 + random.below(60_000))),
  "deep objects": (random) => text(random, '{"a":'.repeat(1 + random.below(10_000))),
  "wide object": (random) => text(random, `{${Array.from({ length: 3_000 }, (_, i) => `"k${i}":${i}`).join(",")}}`),
  "long number": (random) => text(random, `{"type":"ping","timestamp":${"9".repeat(random.below(5_000) + 1)}}`),
  binary: (random) => clientFrame(random, random.bytes(random.below(200)), { opcode: 2 }),
  ping: (random) => clientFrame(random, random.bytes(random.below(126)), { opcode: 9 }),
  pong: (random) => clientFrame(random, random.bytes(random.below(126)), { opcode: 10 }),
  fragments(random) {
    const whole = Buffer.from(command(random));
    const at = random.below(whole.length);
    return Buffer.concat([
      clientFrame(random, whole.subarray(0, at), { fin: false }),
      clientFrame(random, random.bytes(5), { opcode: 9 }),
      clientFrame(random, whole.subarray(at), { opcode: 0 }),
    ]);
  },
};

/** Frames that violate the WebSocket protocol: the server closes the connection, with a code where it still can. */
export const illFramed: Readonly<Record<string, Maker>> = {
  unmasked: (random) => clientFrame(random, Buffer.from("{}"), { isMasked: false }),
  "reserved bits": (random) => clientFrame(random, Buffer.from("{}"), { rsv: 1 + random.below(3) }),
  "reserved opcode": (random) =>
    clientFrame(random, Buffer.from("{}"), { opcode: random.pick([3, 4, 5, 6, 7, 11, 15]) }),
  "big control frame": (random) => clientFrame(random, random.bytes(126), { opcode: random.pick([8, 9, 10]) }),
  "fragmented control frame": (random) => clientFrame(random, Buffer.from("x"), { opcode: 9, fin: false }),
  "continuation of nothing": (random) => clientFrame(random, Buffer.from("x"), { opcode: 0 }),
  "text within a text": (random) =>
    Buffer.concat([clientFrame(random, Buffer.from("{"), { fin: false }), clientFrame(random, Buffer.from("}"))]),
  "endless fragments": (random) => {
    const fragment = clientFrame(random, Buffer.alloc(0), { opcode: 0, fin: false });
    return Buffer.concat([
      clientFrame(random, Buffer.from("{"), { fin: false }),
      ...Array<Buffer>(1_100).fill(fragment),
    ]);
  },
  "giant length": (random) =>
    clientFrame(random, Buffer.from("x"), {
      claimedLength: random.pick([2n ** 64n - 1n, 2n ** 63n, 2n ** 53n, 2n ** 32n]),
    }),
  "too large": (random) => clientFrame(random, Buffer.alloc(65_537 + random.below(10_000), 0x20)),
  "too large in pieces": (random) => {
    const half = Buffer.alloc(40_000, 0x20);
    return Buffer.concat([clientFrame(random, half, { fin: false }), clientFrame(random, half, { opcode: 0 })]);
  },
  "bad UTF-8": (random) => clientFrame(random, Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xc3, 0x28, 0xff])])),
  "close of one byte": (random) => clientFrame(random, Buffer.from([3]), { opcode: 8 }),
  "close with a bad code": (random) => clientFrame(random, Buffer.from([0, random.below(256)]), { opcode: 8 }),
  "close with bad UTF-8": (random) => clientFrame(random, Buffer.from([3, 232, 0xff, 0xfe]), { opcode: 8 }),
};

/** Invalid frames for connections that negotiated compression. */
export const illCompressed: Readonly<Record<string, Maker>> = {
  "broken deflate": (random) => clientFrame(random, Buffer.concat([Buffer.from([0xff]), random.bytes(50)]), { rsv: 4 }),
  bomb: (random) => clientFrame(random, deflateRawSync(Buffer.alloc(30_000_000)), { rsv: 4 }),
  "compressed control frame": (random) => clientFrame(random, Buffer.from("x"), { opcode: 9, rsv: 4 }),
};

/** Hostile handshakes: HTTP requests up to and including the empty line. */
export function hostileHandshake(random: Random): string {
  const good = [
    "GET /ws/main HTTP/1.1",
    "Host: localhost",
    "Upgrade: websocket",
    "Connection: Upgrade",
    "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
    "Sec-WebSocket-Version: 13",
  ];
  const bad = [
    "GET /ws/main?token=%ff%00 HTTP/1.1",
    `GET /ws/main?token=${"x".repeat(5_000)} HTTP/1.1`,
    "GET //ws/main HTTP/1.1",
    "GET http://[ HTTP/1.1",
    "POST /ws/main HTTP/1.1",
    "Host: \u00ff",
    "Sec-WebSocket-Key: short",
    "Sec-WebSocket-Version: 99",
    "Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=99",
    "Sec-WebSocket-Extensions: permessage-deflate; =;;,",
    "Sec-WebSocket-Protocol: ,,,",
    `Sec-WebSocket-Protocol: miscord, bearer.${"é".repeat(10)}`,
    "Origin: null",
    "Origin: https://evil.example",
    `X-Long: ${"x".repeat(20_000)}`,
  ];
  const lines = [...good];
  for (let i = 0; i <= random.below(2); i += 1) {
    const line = random.pick(bad);
    const name = line.split(/[ :]/)[0]!;
    const at = lines.findIndex((each) => each.startsWith(name) || (/^(GET|POST)/.test(line) && each.startsWith("GET")));
    if (at >= 0) lines[at] = line;
    else lines.push(line);
  }
  return `${lines.join("\r\n")}\r\n\r\n`;
}
