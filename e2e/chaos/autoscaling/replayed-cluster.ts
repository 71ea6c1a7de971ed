import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ofKind, type Manifest } from "../../../deploy/helm/testing/helm.ts";
import { startServerProcess, type ServerProcess } from "../../../apps/server/src/testing/server-process.ts";
import { sleep } from "../world.ts";
import type { ReplayedService } from "./service.ts";

interface Pod {
  readonly name: string;
  readonly process: ServerProcess;
  readonly probe: NodeJS.Timeout;
}

/** How a pod went. */
export interface Removal {
  readonly exitCode: number | null;
  /** From the deletion to the end of the process. */
  readonly seconds: number;
}

/** How long it takes until all machines know that a pod is going. */
const endpointLagMs = 500;
/** Kubernetes asks every three seconds. */
const probeMs = 500;

/**
 * What Kubernetes does with the chart's Deployment, with processes of the server as pods: their environment, probes,
 * preStop and grace are those that the chart renders. Machines, the network and containers are not replayed.
 */
export class ReplayedCluster {
  readonly removals: Removal[] = [];
  /** In the order of their starts. */
  readonly pods: Pod[] = [];
  readonly #spec;
  readonly #secrets: Record<string, string>;
  readonly #service: ReplayedService;
  readonly #uploads: string;
  #started = 0;

  static async open(manifests: readonly Manifest[], service: ReplayedService): Promise<ReplayedCluster> {
    return new ReplayedCluster(manifests, service, await mkdtemp(join(tmpdir(), "miscord-uploads-")));
  }

  private constructor(manifests: readonly Manifest[], service: ReplayedService, uploads: string) {
    this.#spec = ofKind(manifests, "Deployment").spec.template.spec!;
    this.#secrets = ofKind(manifests, "Secret").stringData!;
    this.#service = service;
    this.#uploads = uploads;
  }

  get graceSeconds(): number {
    return this.#spec.terminationGracePeriodSeconds!;
  }

  /** Starts pods, or removes the youngest ones, and waits until they are ready, or gone. */
  async scaleTo(count: number): Promise<void> {
    const missing = Math.max(0, count - this.pods.length);
    const surplus = this.pods.splice(count);
    await Promise.all([
      ...Array.from({ length: missing }, () => this.#start()),
      ...surplus.map((pod) => this.#remove(pod)),
    ]);
  }

  /** Of a metric, in the order of the pods. */
  valuesOf(metric: string): Promise<number[]> {
    const line = new RegExp(`^${metric} (\\S+)$`, "m");
    return Promise.all(
      this.pods.map(async ({ process }) => {
        const response = await fetch(`${process.url}/metrics?format=prometheus`, { headers: this.#bearer });
        return Number(line.exec(await response.text())?.[1]);
      }),
    );
  }

  /** Asks a pod to close a share of its sockets. */
  async shed(pod: Pod, share: number): Promise<number> {
    const headers = { ...this.#bearer, "content-type": "application/json" };
    const response = await fetch(`${pod.process.url}/admin/shed`, {
      method: "POST",
      headers,
      body: JSON.stringify({ share }),
    });
    return response.status;
  }

  async dispose(): Promise<void> {
    for (const { probe } of this.pods) clearInterval(probe);
    await Promise.all(this.pods.map(({ process }) => process.dispose()));
    await rm(this.#uploads, { recursive: true, force: true });
  }

  get #bearer(): Record<string, string> {
    return { authorization: `Bearer ${this.#secrets["METRICS_TOKEN"]}` };
  }

  async #start(): Promise<void> {
    const name = `pod-${(this.#started += 1)}`;
    const process = await startServerProcess(this.#environment(name));
    const probe = setInterval(() => void this.#ask(process), probeMs);
    this.pods.push({ name, process, probe });
    this.#service.endpoints.add(process.port);
  }

  /** Port and data folder of the test's own take the place of the container's. */
  #environment(name: string): Record<string, string> {
    const inContainer = new Set(["PORT", "DATA_DIR", "LOG_DIR"]);
    const env = this.#spec.containers[0]!.env!.filter((variable) => !inContainer.has(variable.name));
    const values = env.map(({ name: key, value }) => [
      key,
      value?.replace("file:///uploads", `file://${this.#uploads}`) ?? name,
    ]);
    return { ...Object.fromEntries(values), ...this.#secrets };
  }

  async #ask(process: ServerProcess): Promise<void> {
    const path = this.#spec.containers[0]!.readinessProbe!.httpGet!.path!;
    const answer = await fetch(`${process.url}${path}`).catch(() => null);
    if (answer?.status === 404) this.#service.endpoints.delete(process.port);
  }

  /** The Service learns of it late, preStop passes, then the process gets SIGTERM, and SIGKILL when the grace is over. */
  async #remove({ process, probe }: Pod): Promise<void> {
    const from = performance.now();
    setTimeout(() => this.#service.endpoints.delete(process.port), endpointLagMs);
    await sleep(this.#spec.containers[0]!.lifecycle!.preStop!.sleep!.seconds * 1_000);
    const graceMs = this.graceSeconds * 1_000 - (performance.now() - from);
    const killing = setTimeout(() => void process.kill("SIGKILL"), graceMs);
    const exitCode = await process.stop();
    clearTimeout(killing);
    clearInterval(probe);
    this.removals.push({ exitCode, seconds: (performance.now() - from) / 1_000 });
    await process.dispose();
  }
}
