import { openAsBlob } from "node:fs";
import type { Readable } from "node:stream";
import type { S3mini } from "s3mini";
import type { AttachmentStorage } from "../domain/attachments/storage.ts";
import { AppError } from "../errors.ts";
import type { S3Location } from "./location.ts";
import {
  attempt,
  createS3Client,
  isForbidden,
  isMissing,
  readBody,
  unavailable,
  type S3Keys,
  type S3Timeouts,
} from "./s3-requests.ts";
import { requireWritable } from "./s3-start-check.ts";
import { openUnfinishedFiles, placeOf } from "./unfinished-files.ts";

export interface S3StorageOptions {
  location: S3Location;
  keys: S3Keys;
  /** Folder of this machine for uploads that are still arriving. */
  unfinishedFolder: string;
  timeouts?: S3Timeouts;
}

const defaultTimeouts: S3Timeouts = { answerMs: 15_000 };

/**
 * Attachment storage in a bucket of an S3-compatible store. An upload arrives in a local folder, is inspected there, and
 * is then stored with one request, which is atomic: an interrupted one leaves nothing in the bucket.
 *
 * @throws StartupError when the bucket cannot be reached, read or written.
 */
export async function openS3Storage(options: S3StorageOptions): Promise<AttachmentStorage> {
  const { location, keys, unfinishedFolder, timeouts = defaultTimeouts } = options;
  const client = createS3Client(location, keys, timeouts);
  await requireWritable(client, location);
  const unfinished = await openUnfinishedFiles(unfinishedFolder);
  const objectOf = (key: string) => location.prefix + placeOf(key);

  return {
    receive: (key, source) => unfinished.receive(key, source),

    async keep(key) {
      // The blob reads the file while it is sent, and anew for each attempt.
      const file = await openAsBlob(unfinished.pathOf(key));
      await attempt(() => client.putObject(objectOf(key), file)).catch(fail);
      await unfinished.remove(key);
    },

    async read(key, range) {
      return getObject(client, objectOf(key), { range, timeouts }).catch(fail);
    },

    async size(key) {
      const object = objectOf(key);
      return attempt(() => client.getContentLength(object)).catch((error: unknown) =>
        isMissing(error) ? null : fail(error),
      );
    },

    freeBytes: () => unfinished.freeBytes(),
    sweep: () => unfinished.sweep(),

    async check() {
      await unfinished.check();
      await checkBucket(client, location).catch(fail);
    },

    async remove(key) {
      const object = objectOf(key);
      await unfinished.remove(key);
      await attempt(() => client.deleteObject(object)).catch((error: unknown) =>
        isMissing(error) ? true : fail(error),
      );
    },
  };
}

/**
 * Asks for an object that it writes when it is missing, so that it needs no right beyond those for files: a store answers
 * 403 for a missing object to keys that may not list the bucket.
 */
async function checkBucket(client: S3mini, { prefix }: S3Location): Promise<void> {
  const object = `${prefix}health-check`;
  try {
    await attempt(() => client.getContentLength(object));
  } catch (error) {
    if (!isMissing(error) && !isForbidden(error)) throw error;
    await attempt(() => client.putObject(object, "Miscord checks here that its bucket works."));
  }
}

async function getObject(
  client: S3mini,
  object: string,
  { range, timeouts }: { range: { start: number; end: number } | undefined; timeouts: S3Timeouts },
): Promise<Readable> {
  // The end that the client takes is not included.
  const { status, body } = await attempt(() =>
    range ? client.getObjectRaw(object, false, range.start, range.end + 1) : client.getObjectRaw(object),
  );
  const stream = body ?? new Blob([]).stream();
  if (!range) return readBody(stream, timeouts);
  const length = range.end - range.start + 1;
  if (status === 206 || range.start === 0) return readBody(stream, { ...timeouts, length });
  // It does not know ranges, and sends the whole object: others would get wrong bytes.
  await stream.cancel();
  throw new Error("the store knows no ranges");
}

function fail(error: unknown): never {
  throw isMissing(error) ? new AppError("not_found", "There is no such file.") : unavailable(error);
}
