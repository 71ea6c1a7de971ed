import { openEmbeddedStore, type BackendOptions } from "../backends.ts";
import { NetworkBus } from "../bus/network-bus.ts";
import { MemoryCluster } from "../cluster/memory.ts";
import { MemoryHub } from "../cluster/memory-hub.ts";
import { isPatient, type HubMessage, type NodeMessage } from "../cluster/hub/messages.ts";
import { availableParallelism } from "node:os";
import type { Config } from "../config.ts";
import { createPace } from "../create-pace.ts";
import { issueClaim } from "../domain/accounts/claim.ts";
import { loadOfCore } from "../delivery/flush-policy.ts";
import { createUnreadAnnouncer } from "../domain/messages/unread-announcer.ts";
import { nodeId } from "../node-id.ts";
import { DueWork } from "../domain/due-work/due-work.ts";
import { startDuties } from "../start-duties.ts";
import { openStorage } from "../storage/open-storage.ts";
import { BusRoutes } from "./bus-routes.ts";
import { LinkPipe } from "./link-pipe.ts";
import type { HubOffer, PrimaryOffer, PrimaryState } from "./offers.ts";
import { serveStore } from "./serve-store.ts";
import type { WorkerProcess } from "./worker-process.ts";

/** What the workers share and the primary has: the embedded database's writer, the routes of the bus, the cluster. */
export interface Hub {
  readonly epoch: string;
  /** What is offered to a worker, besides its log; and the function to call when the worker is gone. */
  serve(worker: WorkerProcess): { offer: Omit<HubOffer, keyof PrimaryOffer>; release(): void };
  state(): PrimaryState;
  issueClaim(): Promise<string | null>;
}

type HubOptions = Omit<BackendOptions, "pace">;

/** Opens the embedded database and starts what runs once for all workers; `closers` stop it. */
export async function openHub(config: Config, options: HubOptions): Promise<Hub> {
  const { clock, closers, logger } = options;
  const workers = new Set<WorkerProcess>();
  const deliveries = () => [...workers].map(({ deliveriesPerSecond }) => deliveriesPerSecond);
  const cores = availableParallelism();
  const allDeliveries = () => deliveries().reduce((sum, perSecond) => sum + perSecond, 0);
  const pace = createPace(config, clock, () => loadOfCore(Math.max(0, ...deliveries()), allDeliveries(), cores));
  const store = await openEmbeddedStore(config, { ...options, pace });
  const routes = new BusRoutes();
  // Within the turn: an event then enters the links before the answer to the command that made it.
  const bus = await NetworkBus.open(routes.transport(), {
    nodeId,
    clock,
    endOfTurn: queueMicrotask,
    onError: (err) => logger.error({ err }, "a message of a worker was dropped"),
  });
  closers.push(() => bus.close());
  const members = new MemoryHub(clock);
  closers.push(() => members.close());
  // What is done once for all nodes, the primary does alone: it needs no claim of the workers' cluster.
  const cluster = new MemoryCluster(clock);
  const unread = createUnreadAnnouncer({ store, bus });
  const storage = await openStorage(config);
  // Calls are the workers' own: what a duty shows of a conversation leaves them out.
  const voice = { statesIn: () => [] };
  const due = new DueWork({ store, clock }, (err) => logger.error({ err }, "looking for what is due failed"));
  closers.push(() => due.stop());
  closers.push(startDuties({ store, bus, cluster, clock, storage, unread, voice, settings: config }, due, logger));
  return {
    epoch: store.epoch,
    state: () => ({ gatheredMs: pace.intervalMs() }),
    issueClaim: () => issueClaim({ store, cluster, clock }),
    serve(worker) {
      const { link } = worker;
      const writes = serveStore(store, clock);
      const texts = routes.serve((text) => link.notify("busText", text, text.isPatient));
      const member = new LinkPipe<HubMessage, NodeMessage>((message) =>
        link.notify("fromCluster", message, isPatient(message)),
      );
      const leave = members.connect(member);
      workers.add(worker);
      return {
        offer: {
          ...writes.offer,
          ...texts.offer,
          toCluster: (message) => member.receive(message),
          announceUnread: ({ channelId, userIds }) => unread.announce(channelId, userIds),
        },
        release() {
          for (const end of [writes.release, texts.release, leave]) end();
          workers.delete(worker);
        },
      };
    },
  };
}
