import type { EncryptionPlatform } from "@miscord/client";
import { storedDeviceKey } from "./device-store.ts";
import { WorkerCipher } from "./worker-cipher.ts";

/** How this browser encrypts calls. */
export const encryptionPlatform: EncryptionPlatform = {
  createCipher: () => new WorkerCipher(),
  deviceKey: storedDeviceKey,
};
