import { createHash, createHmac, randomBytes } from "node:crypto";

/** The client side of the STUN wire format (RFC 8489) and of TURN (RFC 8656). */

const methods = { binding: 0x0001, allocate: 0x0003, refresh: 0x0004 } as const;

const attributes = {
  username: 0x0006,
  messageIntegrity: 0x0008,
  errorCode: 0x0009,
  lifetime: 0x000d,
  realm: 0x0014,
  nonce: 0x0015,
  xorRelayedAddress: 0x0016,
  requestedTransport: 0x0019,
  xorMappedAddress: 0x0020,
} as const;

const magicCookie = 0x2112a442;
const headerLength = 20;
const integrityLength = 24;
const udp = 17;

/** Long-term credentials; realm and nonce come from the server's first error response. */
export interface Proof {
  username: string;
  credential: string;
  realm: string;
  nonce: string;
}

export interface StunAnswer {
  transactionId: string;
  /** Null unless the response is an error. */
  error: { code: number; reason: string } | null;
  realm: string | null;
  nonce: string | null;
  /** This machine's `address:port` as the server sees it. */
  mapped: string | null;
  /** The `address:port` that the server relays. */
  relayed: string | null;
}

export function bindingRequest(): Buffer {
  return message(methods.binding, []);
}

export function allocateRequest(proof?: Proof): Buffer {
  return message(methods.allocate, [[attributes.requestedTransport, Buffer.from([udp, 0, 0, 0])]], proof);
}

/** A refresh request with a lifetime of 0, which releases the allocation. */
export function releaseRequest(proof: Proof): Buffer {
  return message(methods.refresh, [[attributes.lifetime, Buffer.alloc(4)]], proof);
}

export function transactionOf(request: Buffer): string {
  return request.toString("hex", 8, headerLength);
}

/** Null unless the bytes are a complete STUN message. */
export function readAnswer(bytes: Buffer): StunAnswer | null {
  if (bytes.length < headerLength || bytes.readUInt32BE(4) !== magicCookie) return null;
  if (bytes.length < lengthOf(bytes)) return null;
  const found = readAttributes(bytes.subarray(headerLength, lengthOf(bytes)));
  const text = (type: number) => found.get(type)?.toString("utf8") ?? null;
  return {
    transactionId: transactionOf(bytes),
    error: (bytes.readUInt16BE(0) & 0x0110) === 0x0110 ? readError(found.get(attributes.errorCode)) : null,
    realm: text(attributes.realm),
    nonce: text(attributes.nonce),
    mapped: readAddress(found.get(attributes.xorMappedAddress)),
    relayed: readAddress(found.get(attributes.xorRelayedAddress)),
  };
}

/** Length of the message that starts with these bytes; over TCP it may arrive in pieces. */
export function lengthOf(bytes: Buffer): number {
  return headerLength + bytes.readUInt16BE(2);
}

type Attribute = readonly [type: number, value: Buffer];

function message(method: number, plain: readonly Attribute[], proof?: Proof): Buffer {
  const header = Buffer.alloc(headerLength);
  header.writeUInt16BE(method, 0);
  header.writeUInt32BE(magicCookie, 4);
  randomBytes(12).copy(header, 8);
  const all = [...plain, ...(proof ? credentialsOf(proof) : [])].map(encodeAttribute);
  const body = Buffer.concat(all);
  if (!proof) return Buffer.concat([withLength(header, body.length), body]);
  const signed = Buffer.concat([withLength(header, body.length + integrityLength), body]);
  const key = createHash("md5").update(`${proof.username}:${proof.realm}:${proof.credential}`).digest();
  const integrity = createHmac("sha1", key).update(signed).digest();
  return Buffer.concat([signed, encodeAttribute([attributes.messageIntegrity, integrity])]);
}

function credentialsOf({ username, realm, nonce }: Proof): Attribute[] {
  return [
    [attributes.username, Buffer.from(username)],
    [attributes.realm, Buffer.from(realm)],
    [attributes.nonce, Buffer.from(nonce)],
  ];
}

function withLength(header: Buffer, length: number): Buffer {
  header.writeUInt16BE(length, 2);
  return header;
}

function encodeAttribute([type, value]: Attribute): Buffer {
  const encoded = Buffer.alloc(4 + padded(value.length));
  encoded.writeUInt16BE(type, 0);
  encoded.writeUInt16BE(value.length, 2);
  value.copy(encoded, 4);
  return encoded;
}

function readAttributes(body: Buffer): Map<number, Buffer> {
  const found = new Map<number, Buffer>();
  for (let at = 0; at + 4 <= body.length;) {
    const length = body.readUInt16BE(at + 2);
    found.set(body.readUInt16BE(at), body.subarray(at + 4, at + 4 + length));
    at += 4 + padded(length);
  }
  return found;
}

function readError(value: Buffer | undefined): { code: number; reason: string } {
  if (!value || value.length < 4) return { code: 0, reason: "no reason given" };
  // Some servers include the padding in the length.
  return { code: (value[2]! & 7) * 100 + value[3]!, reason: value.toString("utf8", 4).replace(/\0+$/, "") };
}

/** Decodes an XOR-MAPPED-ADDRESS. The XOR keeps middleboxes from rewriting it. IPv6 addresses are not decoded. */
function readAddress(value: Buffer | undefined): string | null {
  if (!value || value.length < 8) return null;
  const port = value.readUInt16BE(2) ^ (magicCookie >>> 16);
  if (value[1] !== 1) return `[IPv6]:${port}`;
  const address = (value.readUInt32BE(4) ^ magicCookie) >>> 0;
  return `${[24, 16, 8, 0].map((shift) => (address >>> shift) & 0xff).join(".")}:${port}`;
}

function padded(length: number): number {
  return Math.ceil(length / 4) * 4;
}
