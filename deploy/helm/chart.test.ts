import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ISecret } from "kubernetes-models/v1";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { readConfig } from "../../apps/server/src/config.ts";
import { notesOf, settingNames } from "../../apps/server/src/config/settings.ts";
import { version } from "../../apps/server/src/version.ts";
import { typeFaults } from "./testing/check-types.ts";
import { chartFolder, lint, ofKind, refusalOf, render, type Manifest } from "./testing/helm.ts";
import { everything, least, withCpu, withKeda } from "./testing/values.ts";

const sets = { least, everything, withCpu, withKeda };
const kindsOf = (manifests: Manifest[]) => manifests.map(({ kind }) => kind).toSorted();
const always = ["Deployment", "PodDisruptionBudget", "Service"];

function podOf(values: object) {
  const pod = ofKind(render(values), "Deployment").spec.template.spec!;
  return { pod, container: pod.containers[0]! };
}

/** What the pod's process finds in its environment, with the keys of the chart's own Secret. */
function environmentOf(values: object): Record<string, string> {
  const manifests = render(values);
  const secret = manifests.find(({ kind }) => kind === "Secret") as ISecret | undefined;
  const env = podOf(values).container.env!.map(({ name, value }) => [name, value ?? "pod-1"]);
  return { ...Object.fromEntries(env), ...secret?.stringData };
}

describe("deploy/helm/miscord under Helm", () => {
  test.each(Object.entries(sets))("has no fault that lint finds (%s)", (_, values) => {
    expect(lint(values)).toBe("");
  });

  test("has the types of Kubernetes' API in every manifest", () => {
    expect(typeFaults(Object.values(sets).flatMap((values) => render(values)))).toBe("");
  });

  test("would not be of those types with a misspelt key or a string for a number", () => {
    const manifests = render(withCpu);
    const budget = ofKind(manifests, "PodDisruptionBudget");
    const misspelt = { ...budget, spec: { ...budget.spec, maxUnavailabel: 1 } };
    const service = ofKind(manifests, "Service");
    const faults = typeFaults([misspelt, { ...service, spec: { ports: [{ port: "80" }] } }]);
    expect(faults).toContain(`'"maxUnavailabel"' does not exist`);
    expect(faults).toContain("Type 'string' is not assignable to type 'number'");
  });

  test("renders what the flags ask for, and nothing else", () => {
    expect(kindsOf(render(least))).toEqual([...always, "Secret"].toSorted());
    expect(kindsOf(render(withCpu))).toEqual([...always, "HorizontalPodAutoscaler", "Secret"].toSorted());
    expect(kindsOf(render(withKeda))).toEqual([...always, "ScaledObject", "Secret"].toSorted());
    const optional = ["HTTPRoute", "HorizontalPodAutoscaler", "NetworkPolicy", "ServiceMonitor"];
    expect(kindsOf(render(everything))).toEqual([...always, ...optional].toSorted());
  });

  test("has the version of the server", () => {
    const chart = parse(readFileSync(join(chartFolder, "Chart.yaml"), "utf8")) as Record<string, string>;
    expect([chart["version"], chart["appVersion"]]).toEqual([version, version]);
  });
});

describe("the chart's pods", () => {
  test.each([
    ["least", least],
    ["everything", { ...everything, secrets: undefined }],
  ])("have settings that the server accepts (%s)", (name, values) => {
    const own = { DATABASE_URL: "postgres://db/miscord", REDIS_URL: "redis://redis", TURN_SECRET: "0123456789abcdef" };
    const keys = { S3_ACCESS_KEY_ID: "id", S3_SECRET_ACCESS_KEY: "key" };
    const secrets = name === "least" ? least.secrets : { values: { ...own, ...keys } };
    const environment = environmentOf({ ...values, secrets });
    expect(Object.keys(environment).filter((key) => !settingNames.some((setting) => setting === key))).toEqual([]);
    expect(readConfig(environment, [])).toMatchObject({ config: { nodeName: "pod-1", port: 8_000 } });
  });

  test("have the bucket and the limits of the values in them", () => {
    const values = { ...everything, secrets: { existingSecret: "chat-secrets" } };
    const secrets = {
      DATABASE_URL: "postgres://db/miscord",
      REDIS_URL: "redis://redis",
      TURN_SECRET: "0123456789abcdef",
    };
    const keys = { S3_ACCESS_KEY_ID: "id", S3_SECRET_ACCESS_KEY: "key" };
    const outcome = readConfig({ ...environmentOf(values), ...secrets, ...keys }, []);
    expect(outcome).toMatchObject({
      config: {
        maxConnections: 4_000,
        registration: "invite",
        maxUploadBytes: 104_857_600,
        trustedProxies: ["10.0.0.0/8", "fd00::/8"],
        storage: { kind: "s3", bucket: "chat", prefix: "files/", region: "eu-1" },
      },
    });
    expect(podOf(values).container.envFrom).toEqual([{ secretRef: { name: "chat-secrets" } }]);
  });

  test("run as nobody in particular, can write to their own folders only, and hold no token of the cluster", () => {
    const { pod, container } = podOf(least);
    expect(pod.automountServiceAccountToken).toBe(false);
    expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } });
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    });
    const writable = container.volumeMounts!.map(({ mountPath }) => mountPath);
    const { DATA_DIR, LOG_DIR } = environmentOf(least);
    for (const folder of [DATA_DIR!, LOG_DIR!, "/uploads"])
      expect(
        writable.some((path) => folder === path || folder.startsWith(`${path}/`)),
        folder,
      ).toBe(true);
  });

  test("are asked whether they live and whether they are ready, and never about the database", () => {
    const { container } = podOf(least);
    const paths = [container.startupProbe, container.livenessProbe, container.readinessProbe].map(
      (probe) => probe!.httpGet!.path,
    );
    expect(paths).toEqual(["/health/live", "/health/live", "/health/ready"]);
  });

  test("never take secrets from the values into the Deployment", () => {
    expect(JSON.stringify(ofKind(render(least), "Deployment"))).not.toMatch(/postgres:|redis:/);
  });
});

describe("the chart's autoscaler", () => {
  test("wants another pod at 65 % of the connections that one may have", () => {
    const { spec } = ofKind(render(everything), "HorizontalPodAutoscaler");
    expect(spec.metrics).toMatchObject([
      { pods: { metric: { name: "miscord_websocket_connections" }, target: { averageValue: "2600" } } },
    ]);
  });

  test("leaves the number of pods out of the Deployment, which an upgrade would set back", () => {
    expect(ofKind(render(withCpu), "Deployment").spec).not.toHaveProperty("replicas");
    expect(ofKind(render(least), "Deployment").spec.replicas).toBe(2);
  });

  test("asks prometheus-adapter for the metric that the rule in the chart makes", () => {
    const { rules } = parse(readFileSync(join(chartFolder, "files/prometheus-adapter.yaml"), "utf8")) as {
      rules: { custom: { seriesQuery: string }[] };
    };
    expect(rules.custom.map(({ seriesQuery }) => seriesQuery.split("{")[0])).toEqual(["miscord_websocket_connections"]);
  });

  test("with KEDA takes missing figures for an error and not for zero connections", () => {
    const { spec } = ofKind(render(withKeda), "ScaledObject");
    expect(spec.triggers[0]!.metadata).toMatchObject({
      query: 'sum(miscord_websocket_connections{job="miscord/talk/chat-miscord"})',
      threshold: "6500",
      ignoreNullValues: "false",
    });
  });
});

describe("the chart's secrets and networks", () => {
  test("a Secret of one's own takes the place of the chart's", () => {
    expect(kindsOf(render({ ...least, secrets: { existingSecret: "mine" } }))).toEqual(always);
  });

  test("a token for metrics is made up, unless the values have one", () => {
    const token = "a-token-for-the-metrics";
    const values = { ...least.secrets.values, METRICS_TOKEN: token };
    const tokenOf = (changed: object) => ofKind(render(changed), "Secret").stringData["METRICS_TOKEN"];
    expect(tokenOf(least)).toMatch(/^\w{48}$/);
    expect(tokenOf({ ...least, secrets: { values } })).toBe(token);
  });

  test("pods start anew when a secret changes, and not because a token was made up", () => {
    const checksumOf = (values: object) =>
      ofKind(render(values), "Deployment").spec.template.metadata!.annotations!["checksum/secret"];
    const changed = { ...least, secrets: { values: { ...least.secrets.values, REDIS_URL: "redis://other" } } };
    // Another annotation, so that it is rendered a second time, with another token.
    expect(checksumOf({ ...least, podAnnotations: { team: "chat" } })).toBe(checksumOf(least));
    expect(checksumOf(changed)).not.toBe(checksumOf(least));
  });

  test("the policy lets pods reach DNS, PostgreSQL, Redis and the bucket, and calls reach the pods, at the ports of the values", () => {
    const { egress, ingress } = ofKind(render(everything), "NetworkPolicy").spec;
    expect(egress!.map(({ ports }) => ports!.map(({ port }) => port))).toEqual([
      [53, 53],
      [6432],
      [6380],
      [443],
      [9000],
    ]);
    const [http, ...media] = ingress!;
    expect(http).toMatchObject({ ports: [{ port: "http" }], from: [{}] });
    expect(media.map(({ ports }) => ports)).toEqual(
      ["voice", "voice-turned"].map((port) => [{ port, protocol: "UDP" }]),
    );
    const alone = { ...everything, settings: { ...everything.settings, TURN_URLS: "turn:turn.example.org:3478" } };
    expect(ofKind(render(alone), "NetworkPolicy").spec.ingress).toHaveLength(2);
  });
});

describe("values that cannot work are refused", () => {
  const without = (key: keyof typeof least) => ({ ...least, [key]: undefined });
  test.each<[what: string, values: object, sentence: string]>([
    ["no image", without("image"), "Set image.repository"],
    ["no address", without("publicUrl"), "Set publicUrl"],
    ["no PostgreSQL", { ...least, secrets: { values: { REDIS_URL: "redis://redis" } } }, "needs PostgreSQL and Redis"],
    ["no Redis", { ...least, secrets: { values: { DATABASE_URL: "postgres://db/x" } } }, "needs PostgreSQL and Redis"],
    ["two places for secrets", { ...least, secrets: { ...least.secrets, existingSecret: "mine" } }, "not both"],
    ["no place for uploads", without("storage"), "Set storage.s3.bucket or storage.existingClaim"],
    ["two places for uploads", { ...least, storage: { s3: { bucket: "b" }, existingClaim: "c" } }, "not both"],
    ["a bucket without keys", { ...least, storage: { s3: { bucket: "b" } } }, "S3_SECRET_ACCESS_KEY"],
    ["TURN without its secret", { ...least, settings: { TURN_URLS: "turn:t" } }, "TURN_SECRET"],
    ["a route without a gateway", { ...least, httpRoute: { enabled: true } }, "Set httpRoute.parentRefs"],
    ["a gateway that is not trusted", { ...everything, trustedProxies: [] }, "Set trustedProxies"],
    ["too little time to stop", { ...least, preStopSeconds: 20 }, "Set terminationGracePeriodSeconds"],
    ["a range upside down", { ...least, autoscaling: { minReplicas: 5, maxReplicas: 4 } }, "maxReplicas is less than"],
    ["a share of no CPU", { ...withCpu, resources: { requests: { cpu: null } } }, "Set resources.requests.cpu"],
    [
      "KEDA without Prometheus",
      { ...least, autoscaling: { enabled: true, metric: "connections", connections: { source: "keda" } } },
      "Set autoscaling.keda.serverAddress",
    ],
    ["a misspelt value", { ...least, replicas: 3 }, "additional properties 'replicas' not allowed"],
    ["a misspelt setting", { ...least, settings: { REGISTRATON: "invite" } }, "'REGISTRATON' not allowed"],
    ["a setting of the pod's own", { ...least, settings: { DATA_DIR: "/x" } }, "'DATA_DIR' not allowed"],
    ["a secret among the settings", { ...least, settings: { REDIS_URL: "redis://x" } }, "'REDIS_URL' not allowed"],
    ["a number that YAML would round", { ...least, settings: { MAX_UPLOAD_BYTES: 26_214_400 } }, "want string"],
    ["a string for a number", { ...least, replicaCount: "2" }, "want integer"],
    ["an unknown metric", { ...least, autoscaling: { metric: "users" } }, "value must be one of"],
  ])("%s", (_, values, sentence) => {
    expect(refusalOf(values)).toContain(sentence);
  });

  test("every setting is either the operator's, a secret, or the pod's own", () => {
    const schema = JSON.parse(readFileSync(join(chartFolder, "values.schema.json"), "utf8")) as {
      properties: { settings: { properties: object }; secrets: { properties: { values: { properties: object } } } };
    };
    const { settings, secrets } = schema.properties;
    const secretNames = Object.keys(secrets.properties.values.properties);
    expect(secretNames).toEqual(settingNames.filter((name) => notesOf(name).secret));
    const own = settingNames.filter((name) => !secretNames.includes(name) && !(name in settings.properties));
    const set = Object.keys(environmentOf(least)).filter((name) => !secretNames.includes(name));
    expect([...own].toSorted()).toEqual([...set, "HOST", "WORKERS"].toSorted());
  });
});
