import { access, constants, statfs } from "node:fs/promises";
import { createServer } from "node:net";
import type { Config } from "../config.ts";
import { localUrl } from "../http/listen.ts";
import { attention, broken, reasonOf, works, type Finding } from "./finding.ts";

/** Checks that Miscord answers on the port or, when it does not run, that the port can be bound. */
export async function checkPort({ port, host }: Pick<Config, "port" | "host">): Promise<Finding> {
  const piece = `Port ${port}`;
  if (port === 0) return works(piece, "A free one will be taken at each start.");
  const url = localUrl(host, port);
  if (await isMiscord(url)) return works(piece, `Miscord answers at ${url}.`);
  try {
    await takePort(port, host);
    return works(piece, "It is free; Miscord does not run at the moment.");
  } catch (error) {
    return broken(
      piece,
      `Something else holds it, or it may not be used (${reasonOf(error)}). Choose another with --port.`,
    );
  }
}

/** Whether a Miscord server answers at the URL. */
export async function isMiscord(url: string): Promise<boolean> {
  const answer = await fetch(`${url}/health/live`, { signal: AbortSignal.timeout(5_000) }).catch(() => null);
  return answer?.ok === true && (await answer.text()).includes("alive");
}

function takePort(port: number, host: string | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen({ port, ...(host === undefined ? {} : { host }) }, () => probe.close(() => resolve()));
  });
}

const littleSpaceBytes = 1024 ** 3;

export async function checkDataFolder({ dataDir }: Pick<Config, "dataDir">): Promise<Finding> {
  const piece = "Data folder";
  try {
    await access(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    const isMissing = error instanceof Error && "code" in error && error.code === "ENOENT";
    if (isMissing) return attention(piece, `${dataDir} does not exist yet; the first start makes it.`);
    return broken(piece, `${dataDir} cannot be read and written by this user (${reasonOf(error)}). Change its owner.`);
  }
  const { bavail, bsize } = await statfs(dataDir);
  const free = `${(bavail * bsize) / 1024 ** 3 >= 1 ? Math.floor((bavail * bsize) / 1024 ** 3) : "less than 1"} GB free`;
  if (bavail * bsize < littleSpaceBytes) return attention(piece, `${dataDir} is nearly full: ${free}.`);
  return works(piece, `${dataDir} can be written to, ${free}.`);
}
