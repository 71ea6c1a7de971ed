import { createHmac } from "node:crypto";
import { crc32 } from "node:zlib";

const attributes = {
  username: 0x0006,
  integrity: 0x0008,
  fingerprint: 0x8028,
  controlled: 0x8029,
  controlling: 0x802a,
};

interface StunRequestOptions {
  ufrag: string;
  password: string;
  tiebreaker?: bigint;
  role?: "controlled" | "controlling";
  /** Of the one that sends it. */
  from?: string;
}

/** A binding request as browsers send it. */
export function stunRequest(options: StunRequestOptions): Buffer {
  const { ufrag, password, tiebreaker = 0n, role = "controlled", from = "them" } = options;
  const attribute = (type: number, value: Buffer) => {
    const head = Buffer.alloc(4);
    head.writeUInt16BE(type, 0);
    head.writeUInt16BE(value.length, 2);
    return Buffer.concat([head, value, Buffer.alloc((4 - (value.length % 4)) % 4)]);
  };
  const roleValue = Buffer.alloc(8);
  roleValue.writeBigUInt64BE(tiebreaker);
  const header = Buffer.concat([Buffer.from([0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42]), Buffer.alloc(12, 7)]);
  const username = attribute(attributes.username, Buffer.from(`${ufrag}:${from}`));
  const signed = Buffer.concat([header, username, attribute(attributes[role], roleValue)]);
  signed.writeUInt16BE(signed.length - 20 + 24, 2);
  const integrity = createHmac("sha1", password).update(signed).digest();
  const checked = Buffer.concat([signed, attribute(attributes.integrity, integrity)]);
  checked.writeUInt16BE(checked.length - 20 + 8, 2);
  const fingerprint = Buffer.alloc(4);
  fingerprint.writeUInt32BE((crc32(checked) ^ 0x5354554e) >>> 0);
  return Buffer.concat([checked, attribute(attributes.fingerprint, fingerprint)]);
}
