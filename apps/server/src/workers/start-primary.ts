import type { Logger } from "pino";
import type { RunningServer } from "../app.ts";
import type { Closers } from "../backends.ts";
import { systemClock } from "../clock.ts";
import type { Config } from "../config.ts";
import { prepareDataFolder } from "../data-folder.ts";
import { lockDataFolder } from "../data-folder-lock.ts";
import { createLogger, type FileLogger } from "../monitoring/logging.ts";
import { findPort } from "./find-port.ts";
import { forkWorker, portSharing, type PortSharing } from "./fork-worker.ts";
import { openHub, type Hub } from "./hub.ts";
import { idle, type PrimaryOffer } from "./offers.ts";
import { Supervisor } from "./supervisor.ts";

/**
 * Starts several worker processes that serve on one port. This process, the primary, holds the data folder and, with the
 * embedded database, everything that the workers share. It has no connection to a client: what could fail because of
 * what a client sends runs in a worker, which is replaced.
 */
export async function startPrimary(config: Config, sharing: PortSharing = portSharing): Promise<RunningServer> {
  await prepareDataFolder(config.dataDir);
  const unlock = await lockDataFolder(config.dataDir);
  const log = createLogger(config);
  const { logger } = log;
  const closers: Closers = [unlock, () => log.close()];
  const stop = stopOnce(closers, logger);
  const failure = Promise.withResolvers<Error>();
  const onFailure = (error: Error) => {
    logger.fatal({ err: error }, "the server cannot go on");
    failure.resolve(error);
  };
  try {
    const options = { clock: systemClock, logger, closers, onFailure };
    const hub = config.databaseUrl === undefined ? await openHub(config, options) : null;
    const port = await findPort(config);
    const supervisor = supervise({ ...config, port }, hub, { log, onFailure, sharing });
    closers.push(() => supervisor.stop());
    const { claimUrl, ...listening } = await supervisor.start();
    const claim = await hub?.issueClaim();
    const link = claim ? `${config.publicUrl ?? listening.url}/claim#${claim}` : claimUrl;
    return { ...listening, claimUrl: link, failure: failure.promise, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function supervise(
  config: Config,
  hub: Hub | null,
  { log, onFailure, sharing }: { log: FileLogger; onFailure: (error: Error) => void; sharing: PortSharing },
): Supervisor {
  const own: PrimaryOffer = {
    log: ({ level, line }) => log.write(level, line),
    allFigures: () =>
      supervisor.askAll(async ({ link }, worker) => ({ worker, ...(await link.call("figures", undefined)) })),
    shedAll: (share) => supervisor.askAll(({ link }) => link.call("shed", share)),
  };
  // Each claim link voids the one before, so the replacement of a worker makes none.
  let isClaimIssued = hub !== null;
  const supervisor: Supervisor = new Supervisor({
    workers: config.workers,
    logger: log.logger,
    fork: () => forkWorker(sharing),
    serve(worker) {
      const shared = hub?.serve(worker);
      worker.link.serve({ ...own, ...shared?.offer });
      return () => shared?.release();
    },
    assignment(number) {
      const issuesClaim = !isClaimIssued;
      isClaimIssued = true;
      return { number, config, epoch: hub?.epoch ?? null, issuesClaim };
    },
    state: () => hub?.state() ?? idle,
    onHopeless: onFailure,
  });
  return supervisor;
}

function stopOnce(closers: Closers, logger: Logger): () => Promise<void> {
  let stopping: Promise<void> | null = null;
  const stopAll = async () => {
    // A failure of one closer must not keep the others from running.
    for (const close of closers.toReversed()) {
      await Promise.try(close).catch((err: unknown) => logger.error({ err }, "stopping failed"));
    }
  };
  return () => (stopping ??= stopAll());
}
