import { connect } from "node:net";
import { clientFrame, type FrameFields } from "./client-frame.ts";
import { Random } from "../../testing/random.ts";
import { upgradeRequest } from "./raw-peer.ts";

/** Sockets of one account that send one kind of frame as fast as the kernel takes them. */
export interface FloodOptions {
  port: number;
  /** Path and query of the upgrade request. */
  target: string;
  sockets: number;
  durationMs: number;
  frame: { text: string; fields: FrameFields; extensions: string };
}

/** Close codes received, 0 for connections that ended without a close frame, and the bytes sent. */
export interface FloodResult {
  codes: number[];
  bytes: number;
}

const blockFrames = 4_096;

/** Floods until the time is over; each socket that is closed is followed by another. */
export async function flood({ port, target, sockets, durationMs, frame }: FloodOptions): Promise<FloodResult> {
  const single = clientFrame(new Random(1), Buffer.from(frame.text, "latin1"), frame.fields);
  const block = Buffer.concat(Array.from({ length: blockFrames }, () => single));
  const until = Date.now() + durationMs;
  const result: FloodResult = { codes: [], bytes: 0 };
  const attack = async () => {
    while (Date.now() < until)
      result.codes.push(await visit({ port, target, block, until, extensions: frame.extensions }, result));
  };
  await Promise.all(Array.from({ length: sockets }, attack));
  return result;
}

interface Visit {
  port: number;
  target: string;
  block: Buffer;
  until: number;
  extensions: string;
}

/** One connection that floods until it is closed. Resolves with the close code. */
function visit({ port, target, block, until, extensions }: Visit, result: FloodResult): Promise<number> {
  const socket = connect({ port, host: "127.0.0.1" });
  let received = Buffer.alloc(0);
  const write = () => {
    while (Date.now() < until && !socket.destroyed && socket.writable) {
      result.bytes += block.length;
      if (!socket.write(block)) return;
    }
    if (Date.now() >= until) socket.end();
  };
  socket.on("error", () => {});
  socket.on("drain", write);
  socket.on("data", (bytes) => {
    const isFirst = received.length === 0;
    received = Buffer.concat([received, bytes]).subarray(-256);
    if (isFirst) write();
  });
  socket.write(upgradeRequest(target, extensions));
  return new Promise((resolve) => socket.once("close", () => resolve(closeCodeIn(received))));
}

/** The code of a close frame at the end of the bytes; the reason takes less than 126 bytes. */
function closeCodeIn(bytes: Buffer): number {
  const at = bytes.lastIndexOf(0x88);
  return at >= 0 && bytes[at + 1] === bytes.length - at - 2 ? bytes.readUInt16BE(at + 2) : 0;
}
