import { createSocket, type RemoteInfo, type Socket } from "node:dgram";
import { once } from "node:events";
import { systemClock } from "../clock.ts";
import { TokenBucket } from "../concurrency/token-bucket.ts";

const headerSize = 20;
const bindingRequest = 0x0001;
const bindingSuccess = 0x0101;
const magicCookie = 0x2112a442;
const xorMappedAddress = 0x0020;
const ipv4 = 1;
/** Enough for all clients of an instance; what comes faster is no client. */
const answers = { burst: 2_000, perSecond: 500 };

/**
 * Answers STUN requests (RFC 8489) with the address that they come from, over IPv4, and nothing else. Browsers measure by it how far away
 * this machine is where they may ask for no page.
 * @throws Error when the port is taken
 */
export async function openStunResponder(options: { port: number; host: string | undefined }): Promise<Socket> {
  const socket = createSocket("udp4");
  const bucket = new TokenBucket(answers, systemClock);
  socket.on("message", (packet, from) => {
    const answer = answerTo(packet, from);
    // A sender may claim port 0, and sending there throws.
    if (answer && from.port !== 0 && bucket.spend()) socket.send(answer, from.port, from.address);
  });
  const listening = once(socket, "listening");
  socket.bind(options.port, options.host);
  await listening;
  // What is sent to somebody who is gone is lost, as everywhere on the way.
  socket.on("error", () => {});
  return socket;
}

/** Null for what is no request. */
function answerTo(packet: Buffer, { address, port }: RemoteInfo): Buffer | null {
  const isRequest =
    packet.length >= headerSize && packet.readUInt16BE(0) === bindingRequest && packet.readUInt32BE(4) === magicCookie;
  if (!isRequest) return null;
  const answer = Buffer.alloc(headerSize + 12);
  answer.writeUInt16BE(bindingSuccess, 0);
  answer.writeUInt16BE(12, 2);
  // The cookie and the id of the request.
  packet.copy(answer, 4, 4, headerSize);
  answer.writeUInt16BE(xorMappedAddress, headerSize);
  answer.writeUInt16BE(8, headerSize + 2);
  answer[headerSize + 5] = ipv4;
  answer.writeUInt16BE(port ^ (magicCookie >>> 16), headerSize + 6);
  for (const [at, part] of address.split(".").entries()) {
    answer[headerSize + 8 + at] = Number(part) ^ answer[4 + at]!;
  }
  return answer;
}
