import type { RunningServer } from "../app.ts";
import { systemClock } from "../clock.ts";
import type { Config } from "../config.ts";
import { prepareDataFolder } from "../data-folder.ts";
import { lockDataFolder } from "../data-folder-lock.ts";
import { createLogger } from "../monitoring/logging.ts";
import { findPort } from "./find-port.ts";
import { forkWorker } from "./fork-worker.ts";
import { openHub, type Hub } from "./hub.ts";
import { Supervisor } from "./supervisor.ts";

/**
 * Starts several worker processes that serve on one port. This process, the primary, holds the data folder and, with the
 * embedded database, everything that the workers share. It has no connection to a client: what could fail because of
 * what a client sends runs in a worker, which is replaced.
 */
export async function startPrimary(config: Config): Promise<RunningServer> {
  await prepareDataFolder(config.dataDir);
  const unlock = await lockDataFolder(config.dataDir);
  const log = createLogger(config);
  const { logger } = log;
  const closers: (() => Promise<void> | void)[] = [unlock, () => log.close()];
  let stopping: Promise<void> | null = null;
  const stop = () =>
    (stopping ??= (async () => {
      for (const close of closers.toReversed()) {
        await Promise.try(close).catch((err: unknown) => logger.error({ err }, "stopping failed"));
      }
    })());
  try {
    const failure = Promise.withResolvers<Error>();
    const onFailure = (error: Error) => {
      logger.fatal({ err: error }, "the database failed");
      failure.resolve(error);
    };
    const hub = await openHub(config, { clock: systemClock, log, onFailure });
    closers.push(() => hub.close());
    const port = await findPort(config);
    const supervisor = superviseWorkers({ ...config, port }, hub, { logger, onHopeless: failure.resolve });
    closers.push(() => supervisor.stop());
    const { url, claimUrl, ...rest } = await supervisor.start();
    const claim = await hub.issueClaim();
    const own = claim === null ? null : `${config.publicUrl ?? url}/claim#${claim}`;
    return { ...rest, url, claimUrl: own ?? claimUrl, failure: failure.promise, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
