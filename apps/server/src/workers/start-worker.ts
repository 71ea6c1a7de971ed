import cluster from "node:cluster";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { startServer, type Overrides, type StartedServer } from "../app.ts";
import { NetworkBus } from "../bus/network-bus.ts";
import { systemClock } from "../clock.ts";
import { workerLeaseTimes } from "../cluster/lease.ts";
import { joinHub } from "../cluster/memory-hub.ts";
import { isPatient, type HubMessage, type NodeMessage } from "../cluster/hub/messages.ts";
import { databaseName } from "../data-folder.ts";
import { LoadMeter } from "../delivery/flush-policy.ts";
import type { AllWorkers } from "../monitoring/operator.ts";
import { createRemoteLogger } from "../monitoring/logging.ts";
import { nodeId } from "../node-id.ts";
import { linkTransport } from "./bus-routes.ts";
import { LinkPipe } from "./link-pipe.ts";
import { openLinkStore } from "./link-store.ts";
import { Link } from "./link.ts";
import { idle, type Assignment, type HubOffer, type PrimaryState, type WorkerOffer } from "./offers.ts";
import { processPort } from "./process-port.ts";

/** What a worker has of its primary. */
class PrimaryLink {
  readonly link = new Link<HubOffer>(processPort(process));
  readonly bus = linkTransport(this.link);
  readonly cluster = new LinkPipe<NodeMessage, HubMessage>((message) =>
    this.link.notify("toCluster", message, isPatient(message)),
  );
  readonly load = new LoadMeter(availableParallelism());
  state: PrimaryState = idle;

  serve(worker: Pick<WorkerOffer, "start" | "stop" | "figures" | "shed">): void {
    this.link.serve({
      ...worker,
      ping: (state) => {
        this.state = state;
        return { deliveriesPerSecond: this.load.ownPerSecond(systemClock.monotonic()) };
      },
      busText: (text) => this.bus.busText(text),
      fromCluster: (message) => this.cluster.receive(message),
    } satisfies WorkerOffer);
  }
}

/** Runs this process as a worker of the process that forked it, which says how to start. */
export function startWorker(): void {
  const primary = new PrimaryLink();
  let running: Promise<StartedServer> | null = null;
  const started = () => running ?? Promise.reject(new Error("This worker has not started."));
  /** Lets requests finish, then ends the process. */
  const end = async (code: number) => {
    await running?.then(
      (server) => server.stop(),
      () => {},
    );
    await primary.link.flush();
    process.exit(code);
  };
  primary.serve({
    async start(assignment) {
      running = startNode(primary, assignment);
      const { url, port, address, claimUrl, failure } = await running;
      void failure.then(() => end(1));
      // Shown by `ps`, so that an operator finds the worker that a log entry names.
      process.title = `miscord worker ${assignment.number}`;
      return { url, port, address, claimUrl };
    },
    stop: () => void end(0),
    figures: async () => (await started()).answers.figures(),
    shed: async (share) => (await started()).answers.shed(share),
  });
  // A terminal and some service managers send the signal to the workers too. Alone, it asks for a replacement.
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => void end(0));
}

async function startNode(primary: PrimaryLink, assignment: Assignment): Promise<StartedServer> {
  const { config, number, epoch, issuesClaim } = assignment;
  const { link, load } = primary;
  const logger = createRemoteLogger(config, { worker: number }, (level, line) => link.notify("log", { level, line }));
  const all: AllWorkers = {
    figures: () => link.call("allFigures", undefined),
    shed: (share) => link.call("shedAll", share),
  };
  const role = { number, issuesClaim, load, all, reusePort: !cluster.isWorker };
  if (epoch === null) return startServer(config, { logger, worker: { ...role, hasDuties: true } });
  const onFailure = (error: Error) => {
    logger.fatal({ err: error }, "reading the database failed");
    void endWithLog(link);
  };
  const overrides: Overrides = {
    logger,
    store: openLinkStore(link, { file: join(config.dataDir, databaseName), epoch, onFailure }),
    bus: await NetworkBus.open(primary.bus, {
      nodeId,
      clock: systemClock,
      onError: (err) => logger.error({ err }, "a message of another process was dropped"),
    }),
    cluster: await joinHub(primary.cluster, { clock: systemClock, nodeId, times: workerLeaseTimes }),
    worker: {
      ...role,
      hasDuties: false,
      gatheredMs: () => primary.state.gatheredMs,
      unread: { announce: (channelId, userIds) => link.call("announceUnread", { channelId, userIds }) },
    },
  };
  return startServer(config, overrides);
}

/** Ends the process once its log entries have left it. */
async function endWithLog(link: Link<HubOffer>): Promise<void> {
  await link.flush();
  process.exit(1);
}
