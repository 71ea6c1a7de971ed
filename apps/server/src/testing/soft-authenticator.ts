import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from "node:crypto";
import { androidCertificates } from "./android-certificates.ts";

interface SignOptions {
  challenge: string;
  origin: string;
  /** Whether it asked its user for a finger, a face or a PIN. */
  isUserVerified?: boolean;
}

const base64url = (bytes: Buffer) => bytes.toString("base64url");
const sha256 = (bytes: string | Buffer) => createHash("sha256").update(bytes).digest();

/** A passkey in software, ES256 without attestation: what `navigator.credentials` would give a page. */
export class SoftAuthenticator {
  readonly id = randomBytes(16);
  readonly #privateKey: KeyObject;
  readonly #publicKey: KeyObject;
  readonly #rpIdHash: Buffer;
  #counter = 0;

  constructor(rpId: string) {
    const pair = generateKeyPairSync("ec", { namedCurve: "P-256" });
    this.#privateKey = pair.privateKey;
    this.#publicKey = pair.publicKey;
    this.#rpIdHash = sha256(rpId);
  }

  create(options: SignOptions) {
    const clientData = clientDataOf("webauthn.create", options);
    return this.#created(clientData, this.#newCredential(options), "none", Buffer.from("a0", "hex"));
  }

  /** With a proof of its maker that looks like one of Android's, whose certificates name this address. */
  createAttested(options: SignOptions, crlUrl: string) {
    const clientData = clientDataOf("webauthn.create", options);
    const authData = this.#newCredential(options);
    const keys = { privateKey: this.#privateKey, publicKey: this.#publicKey };
    const certificates = androidCertificates(keys, sha256(clientData), crlUrl);
    const signature = sign("sha256", Buffer.concat([authData, sha256(clientData)]), this.#privateKey);
    // CBOR: {"alg": -7, "sig": bytes, "x5c": [bytes, bytes]}
    const statement = Buffer.concat([
      Buffer.from("a363616c672663736967", "hex"),
      cborBytes(signature),
      Buffer.from("6378356382", "hex"),
      ...certificates.map(cborBytes),
    ]);
    return this.#created(clientData, authData, "android-key", statement);
  }

  #newCredential(options: SignOptions): Buffer {
    const length = Buffer.from([0, this.id.length]);
    const credential = Buffer.concat([Buffer.alloc(16), length, this.id, this.#coseKey()]);
    return Buffer.concat([this.#header(options, 0x40), credential]);
  }

  #created(clientData: Buffer, authData: Buffer, format: string, statement: Buffer) {
    // CBOR: {"fmt": format, "attStmt": statement, "authData": bytes}
    const attestation = Buffer.concat([
      Buffer.from("a363666d74", "hex"),
      Buffer.from([0x60 + format.length]),
      Buffer.from(format),
      Buffer.from("6761747453746d74", "hex"),
      statement,
      Buffer.from("686175746844617461", "hex"),
      cborBytes(authData),
    ]);
    return this.#answer({ clientDataJSON: base64url(clientData), attestationObject: base64url(attestation) });
  }

  get(options: SignOptions) {
    this.#counter += 1;
    const clientData = clientDataOf("webauthn.get", options);
    const authData = this.#header(options, 0);
    const signature = sign("sha256", Buffer.concat([authData, sha256(clientData)]), this.#privateKey);
    return this.#answer({
      clientDataJSON: base64url(clientData),
      authenticatorData: base64url(authData),
      signature: base64url(signature),
    });
  }

  #answer<Response>(response: Response) {
    const id = base64url(this.id);
    return { id, rawId: id, type: "public-key" as const, response, clientExtensionResults: {} };
  }

  #header({ isUserVerified = true }: SignOptions, moreFlags: number): Buffer {
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(this.#counter);
    return Buffer.concat([this.#rpIdHash, Buffer.from([0x01 | (isUserVerified ? 0x04 : 0) | moreFlags]), counter]);
  }

  /** CBOR: {1: 2, 3: -7, -1: 1, -2: x, -3: y} */
  #coseKey(): Buffer {
    const { x, y } = this.#publicKey.export({ format: "jwk" });
    const coordinate = (text: string | undefined) => Buffer.from(text!, "base64url");
    return Buffer.concat([
      Buffer.from("a5010203262001215820", "hex"),
      coordinate(x),
      Buffer.from("225820", "hex"),
      coordinate(y),
    ]);
  }
}

function cborBytes(bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from([0x59, bytes.length >> 8, bytes.length & 0xff]), bytes]);
}

function clientDataOf(type: string, { challenge, origin }: SignOptions): Buffer {
  return Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }));
}
