import { setImmediate } from "node:timers/promises";
import { afterAll, beforeEach, expect, test, vi } from "vitest";
import { InputLimit } from "./input-limit.ts";
import type { Feedback } from "./rtcp.ts";

const engine = vi.hoisted(() => ({ describe: (_sdp: string): void => {}, arrive: (_packet: Buffer): void => {} }));
const accepted: string[] = [];
let sent: Buffer[];

vi.mock("./engine.ts", () => ({
  EngineConnection: class {
    readonly isConnected = true;
    readonly awaitsAnswer = true;
    addVoice() {
      const onMessage = (take: typeof engine.arrive) => (engine.arrive = take);
      return { isOpen: true, send: (packet: Buffer) => sent.push(Buffer.from(packet)) > 0, onMessage };
    }
    onDescription(take: typeof engine.describe) {
      engine.describe = take;
    }
    onLost() {}
    describe() {
      engine.describe(`v=0\r\na=ice-ufrag:unit\r\na=ice-pwd:secret\r\na=fingerprint:${fingerprint}\r\n`);
    }
    accept(sdp: string) {
      return accepted.push(sdp) > 0;
    }
    close() {}
  },
}));

// Test files share a process and its modules: those before may have loaded the engine, and those after need it.
vi.resetModules();
const { Bundle } = await import("./bundle.ts");
afterAll(() => {
  vi.doUnmock("./engine.ts");
  vi.resetModules();
});

const fingerprint = `sha-256 ${Array.from({ length: 32 }, () => "AB").join(":")}`;
const taken: Record<string, Buffer[]> = {};
let feedback: Feedback[];
let bundle: InstanceType<typeof Bundle>;
let offer: string;
let isLost: boolean;

/** What a browser answers: it sends in the sections that it may send in, with the source numbers 11, 12 and so on. */
function answerTo(text: string): string {
  let source = 10;
  return text
    .split(/^(?=m=)/m)
    .map((section) => section.replace("a=sendonly", "a=inactive").replace("a=recvonly", "a=sendonly"))
    .map((section) => (section.includes("a=sendonly") ? `${section}a=ssrc:${++source} cname:x\r\n` : section))
    .join("")
    .replaceAll(/unit|secret/g, "0123456789012345678901")
    .replaceAll("actpass", "active");
}

function rtp(ssrc: number, sequence = 1): Buffer {
  const packet = Buffer.alloc(40);
  packet[0] = 0x80;
  packet[1] = 96;
  packet.writeUInt16BE(sequence, 2);
  packet.writeUInt32BE(ssrc, 8);
  return packet;
}

beforeEach(() => {
  [sent, feedback, isLost] = [[], [], false];
  const [name, reached] = ["1", { port: 4_000, turnedPort: null, addresses: ["192.0.2.1"] }];
  bundle = new Bundle({ name, reached, offer: (sdp) => (offer = sdp), lost: () => (isLost = true) });
  for (const mid of ["mic", "camera"]) {
    taken[mid] = [];
    const kind = mid === "mic" ? "voice" : "video";
    bundle.receive({ mid, kind, bytesPerSecond: 10_000, take: (packet) => taken[mid]!.push(packet) });
  }
});

function connect() {
  const camera = bundle.send({ mid: "c0", kind: "video", ssrc: 4_000, take: (said) => feedback.push(said) });
  bundle.open();
  expect(bundle.answer(answerTo(offer))).toBe("applied");
  return camera;
}

test("packets find their section by their source, and those of no section are dropped", () => {
  connect();
  for (const ssrc of [11, 12, 12, 13, 4_000]) engine.arrive(rtp(ssrc));
  expect([taken["mic"]!.length, taken["camera"]!.length]).toEqual([1, 2]);
  bundle.close();
  engine.arrive(rtp(11));
  expect(taken["mic"]!.length).toBe(1);
});

test("the engine is given one section, without what only browsers need to know", () => {
  connect();
  const given = accepted.at(-1)!;
  expect(given.match(/^m=.*$/gm)).toEqual(["m=audio 9 UDP/TLS/RTP/SAVPF 111"]);
  expect(given).not.toMatch(/candidate|a=ssrc:/);
  expect([bundle.isSending("camera"), bundle.isSending("c0"), bundle.isSending("another")]).toEqual([
    true,
    false,
    false,
  ]);
});

test.each([
  ["nothing", () => ""],
  ["another section in place of the microphone", () => answerTo(offer).replaceAll("mid:mic", "mid:else")],
])("an answer with %s is refused", (_, answer) => {
  bundle.open();
  expect(bundle.answer(answer())).toBe("refused");
});

test("a picture's packet that was missed is sent again, and what is said of it is passed on", () => {
  const camera = connect();
  camera.send(rtp(4_000, 7));
  const missing = Buffer.from([0x81, 205, 0, 3, 0, 0, 0, 1, 0, 0, 4_000 >> 8, 4_000 & 0xff, 0, 7, 0, 0]);
  engine.arrive(missing);
  expect(sent.map((packet) => packet.readUInt16BE(2))).toEqual([7, 7]);
  const lost = Buffer.from([0x81, 206, 0, 2, 0, 0, 0, 1, 0, 0, 4_000 >> 8, 4_000 & 0xff]);
  engine.arrive(lost);
  expect(feedback.map(({ wantsKeyFrame }) => wantsKeyFrame)).toEqual([false, true]);
});

test("the report of a sender of pictures is answered, and that of a microphone is not", () => {
  connect();
  engine.arrive(rtp(12, 500));
  for (const ssrc of [11, 12, 13]) {
    const report = Buffer.alloc(28);
    report.set([0x80, 200, 0, 6]);
    report.writeUInt32BE(ssrc, 4);
    report.writeUInt32BE(0xabcd_ef01, 10);
    engine.arrive(report);
  }
  expect(sent.length).toBe(1);
  const [answer] = sent as [Buffer];
  expect([answer[1], ...[8, 16, 24].map((at) => answer.readUInt32BE(at))]).toEqual([201, 12, 500, 0xabcd_ef01]);
});

test("a report of a section with many sources is answered once", () => {
  bundle.open();
  const sources = Array.from({ length: 7 }, (_, at) => `a=ssrc:${20 + at} cname:x\r\n`).join("");
  expect(bundle.answer(answerTo(offer).replace("a=ssrc:12 ", `${sources}a=ssrc:12 `))).toBe("applied");
  const report = Buffer.alloc(28);
  report.set([0x80, 200, 0, 6]);
  report.writeUInt32BE(20, 4);
  // Whom else it concerns: a full picture is asked of all of them.
  const request = Buffer.alloc(12 + 7 * 8);
  request.set([0x84, 206, 0, request.length / 4 - 1]);
  for (let at = 0; at < 7; at += 1) request.writeUInt32BE(20 + at, 12 + 8 * at);
  engine.arrive(Buffer.concat([report, request]));
  expect(sent.length).toBe(1);
});

test("a source that no packet can have is none: a full picture is asked for by the one that comes", () => {
  const shown: Buffer[] = [];
  const take = (packet: Buffer) => shown.push(packet);
  const input = bundle.receive({ mid: "screen", kind: "video", bytesPerSecond: 10_000, take });
  bundle.open();
  const answer = answerTo(offer).replace("a=ssrc:13 ", "a=ssrc:9999999999 cname:x\r\na=ssrc:13 ");
  expect(bundle.answer(answer)).toBe("applied");
  engine.arrive(rtp(13));
  expect([input.requestKeyFrame(), sent.at(-1)?.readUInt32BE(8), shown.length]).toEqual([true, 13, 1]);
});

test.each([
  ["media", (source: number) => rtp(source)],
  ["reports", (source: number) => Buffer.from([0x80, 201, 0, 1, 0, 0, source >> 8, source & 0xff])],
])("a connection that sends %s from ever new sources is ended, however slowly they come", async (_, packetOf) => {
  connect();
  let nowMs = 0;
  const now = vi.spyOn(performance, "now").mockImplementation(() => (nowMs += 1_000));
  for (let source = 5_000; source < 5_512; source += 1) engine.arrive(packetOf(source));
  // Those of its sections are no new ones.
  engine.arrive(rtp(11));
  await setImmediate();
  expect([isLost, taken["mic"]!.length]).toEqual([false, 1]);
  engine.arrive(packetOf(5_512));
  await setImmediate();
  now.mockRestore();
  expect(isLost).toBe(true);
});

test("a flood of reports is not read beyond what browsers send", () => {
  const limit = new InputLimit(200_000);
  const report = Buffer.from([0x81, 206, 0, 2, 0, 0, 0, 1, 0, 0, 4_000 >> 8, 4_000 & 0xff]);
  connect();
  const most = Array.from({ length: 2_000 }).filter(() => limit.allows(report, 0)).length;
  for (let at = 0; at < 2_000; at += 1) engine.arrive(report);
  // The seconds in which they are counted may turn once.
  expect(feedback.length).toBeGreaterThanOrEqual(most);
  expect(feedback.length).toBeLessThanOrEqual(2 * most);
});
