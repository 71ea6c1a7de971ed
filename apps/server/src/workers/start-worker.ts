import cluster from "node:cluster";
import { join } from "node:path";
import { startServer, type Overrides, type RunningServer } from "../app.ts";
import { databaseName } from "../data-folder.ts";
import { createRemoteLogger } from "../monitoring/logging.ts";
import { openLinkStore } from "./link-store.ts";
import { Link } from "./link.ts";
import type { Assignment, Listening, PrimaryOffer, WorkerOffer } from "./offers.ts";
import { processPort } from "./process-port.ts";

/** Runs this process as a worker of the process that forked it, which says how to start. */
export function startWorker(): void {
  let running: Promise<RunningServer> | null = null;
  const link: Link<PrimaryOffer> = new Link(processPort(process), {
    start: async (assignment) => {
      running = serve(link, assignment);
      const { url, port, claimUrl } = await running;
      return { url, port, claimUrl } satisfies Listening;
    },
    stop: () => void end(0),
    ping: () => {},
  } satisfies WorkerOffer);

  /** Lets requests finish, then ends the process. */
  const end = async (code: number) => {
    await running?.then(
      (server) => server.stop(),
      () => {},
    );
    await link.flush();
    process.exit(code);
  };
  // Without the primary nothing can be written, and the next one starts workers of its own.
  process.on("disconnect", () => process.exit(1));
  // A terminal and some service managers send the signal to the workers too. Alone, it asks for a replacement.
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => void end(0));
}

async function serve(link: Link<PrimaryOffer>, assignment: Assignment): Promise<RunningServer> {
  const { config, number } = assignment;
  const logger = createRemoteLogger(config, { worker: number }, (level, line) => link.notify("log", { level, line }));
  const onFailure = (error: Error) => {
    logger.fatal({ err: error }, "reading the database failed");
    void link.flush().then(() => process.exit(1));
  };
  return startServer(config, { logger, ...parts(link, assignment, onFailure) });
}

/** What a worker has from its primary: everything that is shared, with the embedded database. */
function parts(
  link: Link<PrimaryOffer>,
  { config, number, epoch, issuesClaim }: Assignment,
  onFailure: (error: Error) => void,
): Overrides {
  const role = { number, issuesClaim, reusePort: !cluster.isWorker };
  if (epoch === null) return { worker: { ...role, hasDuties: true } };
  return {
    store: openLinkStore(link, { file: join(config.dataDir, databaseName), epoch, onFailure }),
    worker: {
      ...role,
      hasDuties: false,
      unread: { announce: (channelId, userIds) => link.call("announceUnread", { channelId, userIds }) },
    },
  };
}
