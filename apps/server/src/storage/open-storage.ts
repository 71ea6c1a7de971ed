import { join } from "node:path";
import { uploadsName } from "../data-folder.ts";
import type { AttachmentStorage } from "../domain/attachments/storage.ts";
import { StartupError } from "../startup-error.ts";
import { openFolderStorage } from "./folder-storage.ts";
import type { StorageLocation } from "./location.ts";

export interface StorageSettings {
  readonly dataDir: string;
  /** Undefined: a folder in the data folder. */
  readonly storage: StorageLocation | undefined;
  readonly s3AccessKeyId: string | undefined;
  readonly s3SecretAccessKey: string | undefined;
  readonly maxUploadBytes: number;
}

/** What a store of S3 takes in one request. */
const maxObjectBytes = 5 * 1024 ** 3;

/** Where uploads are kept, the default included. */
export function locationOf({ storage, dataDir }: Pick<StorageSettings, "storage" | "dataDir">): StorageLocation {
  return storage ?? { kind: "folder", path: join(dataDir, uploadsName) };
}

/** Opens the configured storage of uploads. @throws StartupError */
export function openStorage(settings: StorageSettings): Promise<AttachmentStorage> {
  return openLocation(locationOf(settings), settings);
}

/** Opens one storage with the credentials and the data folder of the settings. @throws StartupError */
export async function openLocation(location: StorageLocation, settings: StorageSettings): Promise<AttachmentStorage> {
  const ownFolder = join(settings.dataDir, uploadsName);
  if (location.kind === "folder") {
    return openFolderStorage(location.path, { mayCreate: location.path === ownFolder });
  }
  const { s3AccessKeyId: accessKey, s3SecretAccessKey: secretKey, maxUploadBytes } = settings;
  if (accessKey === undefined || secretKey === undefined) {
    throw new StartupError("STORAGE names a bucket, which needs S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY.");
  }
  if (maxUploadBytes > maxObjectBytes) {
    throw new StartupError("MAX_UPLOAD_BYTES may be at most 5368709120 when STORAGE names a bucket.");
  }
  const { openS3Storage } = await import("./s3-storage.ts");
  return openS3Storage({ location, keys: { accessKey, secretKey }, unfinishedFolder: join(ownFolder, "unfinished") });
}
