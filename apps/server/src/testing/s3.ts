import { fileURLToPath } from "node:url";
import type { S3Location } from "../storage/location.ts";
import type { S3Keys } from "../storage/s3-requests.ts";
import { Program } from "./program.ts";

/** A private S3-compatible store on loopback with one bucket; its objects outlive `kill`. */
export type TestS3 = Pick<Program, "kill" | "start" | "pause" | "resume" | "dispose"> & {
  /** The bucket under another prefix at each call. */
  location(): S3Location;
  /** The value of STORAGE for the same. */
  address(): string;
  readonly keys: S3Keys;
};

const script = fileURLToPath(import.meta.resolve("s3rver/bin/s3rver.js"));

export async function startS3(): Promise<TestS3> {
  const program = await Program.start({
    name: "s3",
    command: process.execPath,
    args: ({ port, folder }) => [
      "--no-deprecation",
      script,
      "--silent",
      "-d",
      folder,
      "-a",
      "127.0.0.1",
      "-p",
      String(port),
      "--configure-bucket",
      "uploads",
    ],
  });
  const endpoint = `http://127.0.0.1:${program.port}`;
  let prefixes = 0;
  return Object.assign(program, {
    location: (): S3Location => ({
      kind: "s3",
      bucket: "uploads",
      prefix: `test-${(prefixes += 1)}/`,
      url: `${endpoint}/uploads`,
      region: "us-east-1",
    }),
    address: () => `s3://uploads/test-${(prefixes += 1)}?region=us-east-1&endpoint=${endpoint}`,
    keys: { accessKey: "S3RVER", secretKey: "S3RVER" },
  });
}
