import {
  acceptAll,
  createCommit,
  createGroup,
  decodeMlsMessage,
  defaultLifetime,
  emptyPskIndex,
  encodeMlsMessage,
  generateKeyPackageWithKey,
  getCiphersuiteFromName,
  getCiphersuiteImpl,
  joinGroup,
  mlsExporter,
  processMessage,
  type Capabilities,
  type CiphersuiteImpl,
  type ClientState,
  type KeyPackage,
  type PrivateKeyPackage,
  type Proposal,
} from "ts-mls";
import type { DeviceKey } from "./frame-cipher.ts";

const suiteName = "MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519";
const capabilities: Capabilities = {
  versions: ["mls10"],
  ciphersuites: [suiteName],
  extensions: [],
  proposals: [],
  credentials: ["basic"],
};

let suite: Promise<CiphersuiteImpl> | null = null;
const loadSuite = () => (suite ??= getCiphersuiteImpl(getCiphersuiteFromName(suiteName)));

/** A participant of a call: `session` is the call id, of which a user has another one with each call. */
export interface CallMember {
  userId: number;
  session: string;
}

export interface GroupMember extends CallMember {
  leaf: number;
  /** By which the member's device is known. */
  publicKey: Uint8Array;
}

/** What a group needs to add this client; good for one time. */
export interface OwnPackage {
  readonly shared: string;
  readonly publicPackage: KeyPackage;
  readonly privatePackage: PrivateKeyPackage;
}

export async function createDeviceKey(): Promise<DeviceKey> {
  return (await loadSuite()).signature.keygen();
}

export async function createPackage(who: CallMember, device: DeviceKey): Promise<OwnPackage> {
  const credential = { credentialType: "basic" as const, identity: new TextEncoder().encode(nameOf(who)) };
  const made = await generateKeyPackageWithKey(
    credential,
    capabilities,
    defaultLifetime,
    [],
    device,
    await loadSuite(),
  );
  const message = { version: "mls10" as const, wireformat: "mls_key_package" as const, keyPackage: made.publicPackage };
  return { ...made, shared: toBase64(encodeMlsMessage(message)) };
}

/** One epoch of the MLS group of a call, as one member sees it. Never changes: each change gives another one. */
export class CallGroup {
  readonly #state: ClientState;
  readonly #suite: CiphersuiteImpl;

  private constructor(state: ClientState, suite: CiphersuiteImpl) {
    this.#state = state;
    this.#suite = suite;
  }

  static async create(groupId: string, { publicPackage, privatePackage }: OwnPackage): Promise<CallGroup> {
    const suite = await loadSuite();
    const id = new TextEncoder().encode(groupId);
    return new CallGroup(await createGroup(id, publicPackage, privatePackage, [], suite), suite);
  }

  /** Rejects when the welcome is for another package. */
  static async join(welcome: string, { publicPackage, privatePackage }: OwnPackage): Promise<CallGroup> {
    const suite = await loadSuite();
    const message = decode(welcome);
    if (message.wireformat !== "mls_welcome") throw new Error("This is no welcome.");
    const state = await joinGroup(message.welcome, publicPackage, privatePackage, emptyPskIndex, suite);
    return new CallGroup(state, suite);
  }

  get id(): string {
    return new TextDecoder().decode(this.#state.groupContext.groupId);
  }

  get epoch(): number {
    return Number(this.#state.groupContext.epoch);
  }

  get ownLeaf(): number {
    return this.#state.privatePath.leafIndex;
  }

  /** Those who can decrypt what is sent with this epoch's keys. */
  get members(): GroupMember[] {
    return this.#state.ratchetTree.flatMap((node, index) => {
      if (node?.nodeType !== "leaf") return [];
      const { credential, signaturePublicKey: publicKey } = node.leaf;
      if (credential.credentialType !== "basic") throw new Error("A member has no name.");
      return { leaf: index / 2, publicKey, ...memberOf(credential.identity) };
    });
  }

  /** The public keys in the group without these members; nobody may bring one of them a second time. */
  keysWithout(leaves: readonly number[]): Set<string> {
    const gone = new Set(leaves.map((leaf) => 2 * leaf));
    const nodes = this.#state.ratchetTree.filter((_, index) => !gone.has(index));
    return new Set(
      nodes.flatMap((node) => {
        if (!node) return [];
        return node.nodeType === "leaf" ? keysOf(node.leaf) : [toBase64(node.parent.hpkePublicKey)];
      }),
    );
  }

  /** The epoch without some members and with others. It holds once the others have been told. */
  async change(leaves: readonly number[], added: readonly KeyPackage[]) {
    const proposals: Proposal[] = [
      ...leaves.map((removed) => ({ proposalType: "remove" as const, remove: { removed } })),
      ...added.map((keyPackage) => ({ proposalType: "add" as const, add: { keyPackage } })),
    ];
    const options = { extraProposals: proposals, ratchetTreeExtension: true };
    const made = await createCommit({ state: this.#state, cipherSuite: this.#suite }, options);
    const { welcome } = made;
    return {
      commit: toBase64(encodeMlsMessage(made.commit)),
      welcome:
        welcome === undefined
          ? null
          : toBase64(encodeMlsMessage({ version: "mls10", wireformat: "mls_welcome", welcome })),
      next: new CallGroup(made.newState, this.#suite),
    };
  }

  /** The epoch that another member's change leads to. Rejects when the change is none of this epoch's. */
  async after(commit: string): Promise<CallGroup> {
    const message = decode(commit);
    if (message.wireformat !== "mls_private_message") throw new Error("This is no change of the group.");
    const result = await processMessage(message, this.#state, emptyPskIndex, acceptAll, this.#suite);
    if (result.newState.groupActiveState.kind !== "active") throw new Error("This client was removed.");
    return new CallGroup(result.newState, this.#suite);
  }

  /** A secret that all members of this epoch can derive, and nobody else. */
  secret(label: string, context: Uint8Array, length: number): Promise<Uint8Array> {
    return mlsExporter(this.#state.keySchedule.exporterSecret, label, context, length, this.#suite);
  }

  /** The same for all who have the same group before them; see RFC 9420, 8.7. */
  get authenticator(): Uint8Array {
    return this.#state.keySchedule.epochAuthenticator;
  }
}

/** The package of somebody else, if it is theirs by its own words; else null. */
export function readPackage(shared: string, who: CallMember): KeyPackage | null {
  try {
    const message = decode(shared);
    if (message.wireformat !== "mls_key_package") return null;
    const { credential } = message.keyPackage.leafNode;
    if (credential.credentialType !== "basic") return null;
    return nameOf(memberOf(credential.identity)) === nameOf(who) ? message.keyPackage : null;
  } catch {
    return null;
  }
}

/** The public keys of a member. */
export function keysOf(leaf: { hpkePublicKey: Uint8Array; signaturePublicKey: Uint8Array }): string[] {
  return [toBase64(leaf.hpkePublicKey), toBase64(leaf.signaturePublicKey)];
}

export function nameOf({ userId, session }: CallMember): string {
  return `${userId}:${session}`;
}

function memberOf(identity: Uint8Array): CallMember {
  const [, userId, session] = /^(\d{1,15}):(.+)$/.exec(new TextDecoder().decode(identity)) ?? [];
  if (userId === undefined || session === undefined) throw new Error("A member has no name.");
  return { userId: Number(userId), session };
}

function decode(text: string) {
  const bytes = Uint8Array.from(atob(text), (character) => character.codePointAt(0)!);
  const decoded = decodeMlsMessage(bytes, 0);
  if (decoded === undefined || decoded[1] !== bytes.length) throw new Error("This is no message of MLS.");
  return decoded[0];
}

function toBase64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCodePoint(byte)).join(""));
}
