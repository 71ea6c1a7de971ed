import { createCipheriv, createECDH, hkdfSync, randomBytes } from "node:crypto";

/** Of a browser's subscription, base64url. */
export interface BrowserKeys {
  p256dh: string;
  auth: string;
}

const saltBytes = 16;
const publicKeyBytes = 65;
const recordSize = 4_096;
/** Push services take 4096 bytes; the header, the tag and the delimiter are part of them. */
const maxTextBytes = recordSize - saltBytes - 4 - 1 - publicKeyBytes - 16 - 1;
/** Texts are filled up to a multiple of this, so that their length says little. */
const stepBytes = 256;

/**
 * Encrypts a text for one browser as one `aes128gcm` record (RFC 8291 and 8188), with a key pair that is used once.
 * Throws for keys that are no point of the curve, and for texts that are too long.
 */
export function encryptPush(text: string, { p256dh, auth }: BrowserKeys): Buffer {
  const plain = Buffer.from(text);
  if (plain.byteLength > maxTextBytes) throw new RangeError(`A push holds at most ${maxTextBytes} bytes.`);
  const browserKey = Buffer.from(p256dh, "base64url");
  const own = createECDH("prime256v1");
  const ownKey = own.generateKeys();
  const info = Buffer.concat([Buffer.from("WebPush: info\0"), browserKey, ownKey]);
  const shared = derive(own.computeSecret(browserKey), Buffer.from(auth, "base64url"), info, 32);
  const salt = randomBytes(saltBytes);
  const key = derive(shared, salt, Buffer.from("Content-Encoding: aes128gcm\0"), 16);
  const nonce = derive(shared, salt, Buffer.from("Content-Encoding: nonce\0"), 12);
  const filled = Math.min(maxTextBytes, Math.ceil(plain.byteLength / stepBytes) * stepBytes);
  const padding = Buffer.alloc(filled - plain.byteLength);
  const cipher = createCipheriv("aes-128-gcm", key, nonce);
  // 2 marks the last record.
  const record = Buffer.concat([cipher.update(plain), cipher.update(Buffer.of(2)), cipher.update(padding)]);
  const header = Buffer.alloc(saltBytes + 5);
  salt.copy(header);
  header.writeUInt32BE(recordSize, saltBytes);
  header.writeUInt8(publicKeyBytes, saltBytes + 4);
  return Buffer.concat([header, ownKey, record, cipher.final(), cipher.getAuthTag()]);
}

function derive(secret: Buffer, salt: Buffer, info: Buffer, bytes: number): Buffer {
  return Buffer.from(hkdfSync("sha256", secret, salt, info, bytes));
}
