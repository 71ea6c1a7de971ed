/** The keys of one epoch of a call's group: one for each member, who encrypts with it what they send. */
export interface EpochKeys {
  /** Named in each encrypted frame. */
  id: number;
  /** The own place in the group. */
  ownLeaf: number;
  senders: readonly { leaf: number; userId: number; key: Uint8Array<ArrayBuffer> }[];
}

/** Encrypts what the connections of a call send, and decrypts what they receive. */
export interface FrameCipher {
  /**
   * From here on the connection sends nothing unencrypted, and plays nothing else. `userId`: who is at its other end; null: the
   * forwarding unit, of which `assign` says whom its sections carry.
   */
  protect(connection: RTCPeerConnection, userId: number | null): void;
  /** Whose media each section of the connection carries, by its `mid`; the others are not played. */
  assign(connection: RTCPeerConnection, senders: Readonly<Record<string, number>>): void;
  /** What is encrypted with these keys can be decrypted from here on. */
  addEpoch(keys: EpochKeys): void;
  /** Encrypts with the own key of this epoch from here on. Before the first time nothing is sent. */
  sendWith(epochId: number): void;
  forget(epochId: number): void;
  close(): void;
}

/** The key pair by which a device is known to others, in the encoding of the signature scheme. */
export interface DeviceKey {
  signKey: Uint8Array;
  publicKey: Uint8Array;
}

/** What one call needs of its environment to be encrypted. */
export interface EncryptionPlatform {
  createCipher(): FrameCipher;
  /** The key of this device for the user's calls: the one that is stored, or else a new one, stored if that can be done. */
  deviceKey(userId: number, create: () => Promise<DeviceKey>): Promise<DeviceKey>;
}

/** Loads what is needed; rejects when it cannot be loaded. */
export type LoadEncryption = () => Promise<EncryptionPlatform>;
