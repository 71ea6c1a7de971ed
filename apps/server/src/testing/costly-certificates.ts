import { generateKeyPairSync, randomBytes } from "node:crypto";

/** Certificates of about a hundred kilobytes, which is as much as a client takes, whose keys take as long to check with as they may. */
export function costlyCertificates(): { key: string; cert: string } {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2_048 });
  const own = certificate("leaf", "0", publicKey.export({ type: "spki", format: "der" }));
  const issuers = Array.from({ length: 70 }, (_, at) => certificate(`${at}`, `${Math.min(at + 1, 69)}`, slowKey()));
  return {
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    cert: [own, ...issuers].map(pem).join(""),
  };
}

const [integer, bitString, null_, identifier, text, time, sequence, set, version] = [
  0x02, 0x03, 0x05, 0x06, 0x0c, 0x17, 0x30, 0x31, 0xa0,
];

function der(tag: number, ...parts: Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

const numbered = (id: string, ...parts: Buffer[]) => der(sequence, der(identifier, Buffer.from(id, "hex")), ...parts);
const rsa = numbered("2a864886f70d010101", der(null_));
const signedWithRsa = numbered("2a864886f70d01010b", der(null_));
const bits = (bytes: Uint8Array) => der(bitString, Buffer.from([0]), bytes);
const named = (name: string) => der(sequence, der(set, numbered("550403", der(text, Buffer.from(name)))));

/** An odd number with a zero bit in front of it. */
function number(first: number, bytes: number): Buffer {
  const value = randomBytes(bytes);
  value[0] = first;
  value[bytes - 1]! |= 1;
  return der(integer, first >= 0x80 ? Buffer.concat([Buffer.from([0]), value]) : value);
}

/** RSA of 3,072 bits, with an exponent as long. */
function slowKey(): Buffer {
  return der(sequence, rsa, bits(der(sequence, number(0xc0, 384), number(0x7f, 384))));
}

/** Nobody has signed it: that is found out by checking. */
function certificate(subject: string, issuer: string, key: Uint8Array): Buffer {
  const validity = der(sequence, ...["200101000000Z", "491231000000Z"].map((moment) => der(time, Buffer.from(moment))));
  const isIssuer = numbered(
    "551d13",
    der(0x01, Buffer.from([255])),
    der(0x04, der(sequence, der(0x01, Buffer.from([255])))),
  );
  const parts = [named(issuer), validity, named(subject), Buffer.from(key), der(0xa3, der(sequence, isIssuer))];
  const head = [der(version, der(integer, Buffer.from([2]))), der(integer, Buffer.from([1])), signedWithRsa];
  return der(
    sequence,
    der(sequence, ...head, ...parts),
    signedWithRsa,
    bits(Buffer.concat([Buffer.from([1]), randomBytes(383)])),
  );
}

function pem(bytes: Buffer): string {
  return `-----BEGIN CERTIFICATE-----\n${bytes.toString("base64")}\n-----END CERTIFICATE-----\n`;
}
