import type { EncryptionPlatform } from "@miscord/client";
import { storedDeviceKey } from "./device-store.ts";
import { startFrames, WorkerCipher } from "./worker-cipher.ts";

/** How this browser encrypts one call. Rejects when the worker cannot be loaded. */
export async function startEncryption(): Promise<EncryptionPlatform> {
  const worker = await startFrames();
  return { createCipher: () => new WorkerCipher(worker), deviceKey: storedDeviceKey };
}
