import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { MonitorNode, MonitorSample, WeekSummary } from "@miscord/protocol";
import { pino } from "pino";
import type { Cluster } from "../../../cluster/contract.ts";
import { MemoryHub } from "../../../cluster/memory-hub.ts";
import { pass } from "../../../cluster/testing/pass.ts";
import { keepAnalysis } from "../../../store/queries/analysis.ts";
import { openSqliteStore, type SqliteStore } from "../../../store/sqlite/open-sqlite-store.ts";
import { ManualClock } from "../../../testing/manual-clock.ts";
import { Analysis } from "../analysis.ts";
import type { Announcement, IncidentAnnouncement } from "../incident-log.ts";
import { modelToText } from "../model-text.ts";
import type { MinuteLoads } from "../series.ts";
import { Community, type Fault } from "./community.ts";
import { newWatch, type Learned } from "./learned-watch.ts";

/** The clock starts on a Saturday at 15:00. */
const weekly = { day: 6, minute: 15 * 60 + 6, isTold: true };

interface TestNode {
  readonly cluster: Cluster;
  readonly analysis: Analysis;
  readonly description: MonitorNode;
  /** The minutes of all nodes, as this one knew them. */
  readonly together: (readonly [MonitorSample, ...MonitorSample[]])[];
  leave(): Promise<void>;
}

/** Delivery latencies far above the usual. */
export const slowDatabase: Fault = (minute) => ({
  latency_p50: (minute.latency_p50 ?? 0) * 6,
  latency_p99: (minute.latency_p99 ?? 0) * 9,
});

/** Nodes over one database, which has learned from a community, and what they announce. */
export class AnalysisWorld {
  readonly store: SqliteStore;
  readonly clock: ManualClock;
  readonly community = new Community(6);
  readonly told: IncidentAnnouncement[] = [];
  readonly digests: Extract<Announcement, { event: "digest" }>[] = [];
  readonly toldWeeks: WeekSummary[] = [];
  isDatabaseDown = false;
  /** Of each node and minute. */
  loads: MinuteLoads = { account: { total: 900, top: [] }, channel: { total: 9_000, top: [] } };
  nodes: readonly TestNode[] = [];
  readonly #folder: string;
  readonly #hub: MemoryHub;

  private constructor(store: SqliteStore, clock: ManualClock, folder: string) {
    this.store = store;
    this.clock = clock;
    this.#folder = folder;
    this.#hub = new MemoryHub(clock);
  }

  static async open(learned: Learned): Promise<AnalysisWorld> {
    const folder = mkdtempSync(join(tmpdir(), "miscord-analysis-"));
    const store = await openSqliteStore({ file: join(folder, "miscord.db") });
    await keepAnalysis(store.db, "model", await modelToText(newWatch(learned.state)));
    return new AnalysisWorld(store, new ManualClock((learned.until + 15 * 3_600) * 1_000), folder);
  }

  async close(): Promise<void> {
    for (const node of this.nodes) await node.leave();
    await this.store.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** A week that began six days before the clock's time. */
  async keepRunningWeek(): Promise<void> {
    const since = this.clock.now() / 1_000 - 6 * 86_400;
    const running = {
      since,
      after_message: 0,
      people: 41,
      people_at: since + 3_600,
      call_minutes: 600,
      call_people: 7,
    };
    await keepAnalysis(this.store.db, "weeks", JSON.stringify({ running, latest: null }));
  }

  async start(name: string, version = "2.0.0", settings: Record<string, string> = {}): Promise<TestNode> {
    const { clock } = this;
    const cluster = await this.#hub.join();
    const since = new Date(clock.now()).toISOString();
    const description = { id: cluster.nodeId, name, version, since } as MonitorNode;
    const together: TestNode["together"] = [];
    const analysis = new Analysis({
      onMinutes: (minutes) => together.push(minutes),
      cluster,
      clock,
      logger: pino({ level: "silent" }),
      store: this.#failingStore(),
      nodes: () => this.nodes.map((node) => node.description),
      figures: () => Promise.resolve({ ...idle, loads: this.loads }),
      maxConnections: 1_000,
      settings,
      weekly,
      announce: (announcement) => {
        if (announcement.event === "week") this.toldWeeks.push(announcement.summary);
        else if (announcement.event === "digest") this.digests.push(announcement);
        else this.told.push(announcement);
      },
    });
    const leave = async () => {
      await analysis.stop();
      await cluster.close();
      this.nodes = this.nodes.filter((each) => each !== node);
    };
    const node = { cluster, analysis, description, together, leave };
    this.nodes = [...this.nodes, node];
    return node;
  }

  /** Every node reports a minute at a time; those of the first and the last may be changed. All but the first idle. */
  async minutes(count: number, fault: Fault = () => ({}), ofLast: Fault = () => ({})): Promise<void> {
    for (let minute = 0; minute < count; minute += 1) {
      await pass(this.clock, 60_000);
      const usual = this.community.minute(this.clock.now() / 1_000);
      for (const [index, { analysis }] of this.nodes.toReversed().entries()) {
        const isFirst = index === this.nodes.length - 1;
        const idles = { ...usual, ...silent, memory_bytes: usual.memory_bytes / 3 };
        const changed = isFirst ? fault(usual, minute) : index === 0 ? ofLast(usual, minute) : {};
        analysis.minute({ ...(isFirst ? usual : idles), ...changed });
      }
      for (const { analysis } of this.nodes) await analysis.settled();
      await pass(this.clock, 250);
    }
  }

  #failingStore(): Pick<SqliteStore, "db"> {
    const isDown = () => this.isDatabaseDown;
    const { store } = this;
    return {
      get db() {
        if (isDown()) throw new Error("the disk is full");
        return store.db;
      },
    };
  }
}

const idle = { database_latency: 0.0012, bus_latency: null, disk: null, database_bytes: null };
const silent = {
  main_connections: 0,
  messages_received: 0,
  requests: 0,
  bytes_received: 0,
  messages_sent: 0,
  bytes_sent: 0,
  voice_participants: 0,
};
