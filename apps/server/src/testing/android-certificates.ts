import { generateKeyPairSync, sign, type KeyObject } from "node:crypto";

interface Keys {
  privateKey: KeyObject;
  publicKey: KeyObject;
}

/** DER: a value with its tag and length. */
function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const head = length < 0x80 ? [tag, length] : [tag, 0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from(head), content]);
}

const sequence = (...parts: readonly Buffer[]) => der(0x30, ...parts);
const integer = (value: number) => der(0x02, Buffer.from([value]));
const octets = (...parts: readonly Buffer[]) => der(0x04, ...parts);
const bits = (bytes: Buffer) => der(0x03, Buffer.of(0), bytes);
const oid = (hex: string) => der(0x06, Buffer.from(hex, "hex"));

const ecdsaWithSha256 = sequence(oid("2a8648ce3d040302"));
const commonName = (name: string) => sequence(der(0x31, sequence(oid("550403"), der(0x0c, Buffer.from(name)))));
const validity = sequence(...["20200101000000Z", "21000101000000Z"].map((time) => der(0x18, Buffer.from(time))));

interface Certificate {
  serial: number;
  issuer: string;
  subject: string;
  publicKey: KeyObject;
  extensions: readonly Buffer[];
}

function signed({ serial, issuer, subject, publicKey, extensions }: Certificate, signer: KeyObject): Buffer {
  const toSign = sequence(
    der(0xa0, integer(2)),
    integer(serial),
    ecdsaWithSha256,
    commonName(issuer),
    validity,
    commonName(subject),
    publicKey.export({ format: "der", type: "spki" }),
    ...(extensions.length > 0 ? [der(0xa3, sequence(...extensions))] : []),
  );
  return sequence(toSign, ecdsaWithSha256, bits(sign("sha256", toSign, signer)));
}

/** Where revoked certificates are listed. */
function crlPoint(url: string): Buffer {
  const name = der(0x86, Buffer.from(url));
  return sequence(oid("551d1f"), octets(sequence(sequence(der(0xa0, der(0xa0, name))))));
}

/** What Android says of a key that it made. */
function keyDescription(challenge: Buffer): Buffer {
  const level = der(0x0a, Buffer.of(1));
  const lists = [sequence(), sequence()];
  const description = sequence(integer(3), level, integer(4), level, octets(challenge), octets(), ...lists);
  return sequence(oid("2b06010401d679020111"), octets(description));
}

/** Of a key, and of the authority that signed it: both made up, and the first names an address to call. */
export function androidCertificates(key: Keys, challenge: Buffer, crlUrl: string): Buffer[] {
  const authority = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const root = { serial: 1, issuer: "Root", subject: "Root", publicKey: authority.publicKey, extensions: [] };
  const extensions = [crlPoint(crlUrl), keyDescription(challenge)];
  const leaf = { serial: 2, issuer: "Root", subject: "Key", publicKey: key.publicKey, extensions };
  return [signed(leaf, authority.privateKey), signed(root, authority.privateKey)];
}
