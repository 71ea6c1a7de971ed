import { createHmac, timingSafeEqual } from "node:crypto";
import { crc32 } from "node:zlib";

const bindingRequest = 0x0001;
const cookie = 0x2112a442;
const headerBytes = 20;
const attributes = {
  username: 0x0006,
  integrity: 0x0008,
  controlled: 0x8029,
  controlling: 0x802a,
  fingerprint: 0x8028,
};
const integrityBytes = 20;
const fingerprintXor = 0x5354554e;

/** A STUN binding request as ICE sends it (RFC 8489, RFC 8445). */
export interface BindingRequest {
  /** Of the one that receives it: the first part of the username. */
  readonly ufrag: string;
  /** Where the tiebreaker of the sender's role is in the packet. */
  readonly tiebreakerAt: number;
  readonly integrityAt: number;
  /** Where the last attribute is in the packet. */
  readonly fingerprintAt: number;
}

/** Null for everything else, and for a request that lacks any of these attributes. */
export function readBindingRequest(packet: Buffer): BindingRequest | null {
  if (packet.length < headerBytes || packet.readUInt16BE(0) !== bindingRequest || packet.readUInt32BE(4) !== cookie)
    return null;
  const found = new Map<number, { at: number; length: number }>();
  for (let at = headerBytes; at + 4 <= packet.length;) {
    const length = packet.readUInt16BE(at + 2);
    if (at + 4 + length > packet.length) return null;
    found.set(packet.readUInt16BE(at), { at: at + 4, length });
    at += 4 + Math.ceil(length / 4) * 4;
  }
  const username = found.get(attributes.username);
  const role = found.get(attributes.controlled) ?? found.get(attributes.controlling);
  const integrity = found.get(attributes.integrity);
  const fingerprint = found.get(attributes.fingerprint);
  if (role?.length !== 8 || integrity?.length !== integrityBytes || fingerprint?.length !== 4 || !username) return null;
  const [ufrag = ""] = packet.toString("latin1", username.at, username.at + username.length).split(":");
  return { ufrag, tiebreakerAt: role.at, integrityAt: integrity.at, fingerprintAt: fingerprint.at };
}

export function hasTiebreaker(packet: Buffer, { tiebreakerAt }: BindingRequest): boolean {
  return packet.readBigUInt64BE(tiebreakerAt) !== 0n;
}

/** Whether the request was signed with the password. */
export function isSignedWith(password: string, packet: Buffer, request: BindingRequest): boolean {
  const { integrityAt } = request;
  return timingSafeEqual(
    signatureOf(password, packet, request),
    packet.subarray(integrityAt, integrityAt + integrityBytes),
  );
}

/** The same request with this tiebreaker, signed with the password. */
export function withTiebreaker(tiebreaker: bigint, password: string, from: Buffer, request: BindingRequest): Buffer {
  const packet = Buffer.from(from);
  packet.writeBigUInt64BE(tiebreaker, request.tiebreakerAt);
  signatureOf(password, packet, request).copy(packet, request.integrityAt);
  const { fingerprintAt } = request;
  packet.writeUInt32BE((crc32(packet.subarray(0, fingerprintAt - 4)) ^ fingerprintXor) >>> 0, fingerprintAt);
  return packet;
}

/** It covers what precedes it, with a header that says that the packet ends with it. */
function signatureOf(password: string, packet: Buffer, { integrityAt }: BindingRequest): Buffer {
  const signed = Buffer.from(packet.subarray(0, integrityAt - 4));
  signed.writeUInt16BE(integrityAt + integrityBytes - headerBytes, 2);
  return createHmac("sha1", password).update(signed).digest();
}
