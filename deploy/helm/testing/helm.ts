import { spawnSync } from "node:child_process";
import { join } from "node:path";
import type { IScaledObject } from "@kubernetes-models/keda/keda.sh/v1alpha1";
import type { IDeployment } from "kubernetes-models/apps/v1";
import type { IHorizontalPodAutoscaler } from "kubernetes-models/autoscaling/v2";
import type { INetworkPolicy } from "kubernetes-models/networking.k8s.io/v1";
import type { IPodDisruptionBudget } from "kubernetes-models/policy/v1";
import type { ISecret, IService } from "kubernetes-models/v1";
import { parseAllDocuments } from "yaml";

const root = join(import.meta.dirname, "..", "..", "..");
/** Where `npm test` puts it, see scripts/lib/helm.mjs. */
const helm = join(root, ".runtime", "helm-4.1.4", "helm");
export const chartFolder = join(root, "deploy", "helm", "miscord");

export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly labels: Record<string, string> };
  readonly [key: string]: unknown;
}

interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function run(args: string[], values: object): Outcome {
  const { status, stdout, stderr } = spawnSync(helm, [...args, "--values", "-"], {
    input: JSON.stringify(values),
    encoding: "utf8",
    env: { PATH: process.env["PATH"], HELM_CACHE_HOME: join(root, ".cache", "helm") },
  });
  return { status, stdout, stderr };
}

const rendered = new Map<string, Outcome>();

function template(values: object): Outcome {
  const key = JSON.stringify(values);
  const outcome = rendered.get(key) ?? run(["template", "chat", chartFolder, "--namespace", "talk"], values);
  rendered.set(key, outcome);
  return outcome;
}

/** Everything that `helm install chat` would send to a cluster. */
export function render(values: object): Manifest[] {
  const { status, stdout, stderr } = template(values);
  if (status !== 0) throw new Error(stderr);
  return parseAllDocuments(stdout).flatMap((document) => (document.toJS() as Manifest | null) ?? []);
}

/** The sentence with which Helm refuses the values. */
export function refusalOf(values: object): string {
  const { status, stdout, stderr } = template(values);
  if (status === 0) throw new Error(`Helm renders this:\n${stdout}`);
  return stderr;
}

/** What is wrong with the chart; empty when nothing is. */
export function lint(values: object): string {
  const { status, stdout, stderr } = run(["lint", "--strict", chartFolder], values);
  return status === 0 ? "" : stdout + stderr;
}

interface Kinds {
  Deployment: IDeployment;
  HorizontalPodAutoscaler: IHorizontalPodAutoscaler;
  NetworkPolicy: INetworkPolicy;
  PodDisruptionBudget: IPodDisruptionBudget;
  ScaledObject: IScaledObject;
  Secret: ISecret;
  Service: IService;
}

/** The one manifest of a kind. */
export function ofKind<Kind extends keyof Kinds>(
  manifests: readonly Manifest[],
  kind: Kind,
): Manifest & Required<Kinds[Kind]> {
  const [manifest, ...more] = manifests.filter((each) => each.kind === kind);
  if (!manifest || more.length > 0) throw new Error(`not one ${kind}, but ${more.length + (manifest ? 1 : 0)}`);
  return manifest as Manifest & Required<Kinds[Kind]>;
}
