import { randomBytes } from "node:crypto";
import type { S3mini } from "s3mini";
import { StartupError } from "../startup-error.ts";
import { describeLocation, type S3Location } from "./location.ts";
import { attempt, describeFailure } from "./s3-requests.ts";

/**
 * Writes, reads and deletes a small object.
 *
 * @throws StartupError that names the bucket and what failed, without credentials.
 */
export async function requireWritable(client: S3mini, location: S3Location): Promise<void> {
  const object = `${location.prefix}start-check-${randomBytes(9).toString("base64url")}`;
  const text = "Miscord checks at its start that it can write here.";
  const steps = {
    "written to": () => client.putObject(object, text),
    read: async () => {
      const found = await client.getObject(object);
      if (found !== text) throw new Error("it returns something else than was written");
    },
    "deleted from": () => client.deleteObject(object),
  };
  for (const [step, run] of Object.entries(steps)) {
    try {
      await attempt<unknown>(run);
    } catch (error) {
      const reason = describeFailure(error);
      throw new StartupError(
        `The storage ${describeLocation(location)} cannot be ${step} (${reason}). Check STORAGE, S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY.`,
      );
    }
  }
}
