/** The least that the chart needs. */
export const least = {
  image: { repository: "registry.example.org/miscord" },
  publicUrl: "https://chat.example.org",
  secrets: { values: { DATABASE_URL: "postgres://miscord:x@db/miscord", REDIS_URL: "redis://redis" } },
  storage: { existingClaim: "uploads" },
};

const bucket = { bucket: "chat", prefix: "files", endpoint: "https://s3.example.org", region: "eu-1", style: "host" };

/** Every flag on, with the secrets in a Secret of the operator's own. */
export const everything = {
  image: { repository: "registry.example.org:5000/team/miscord", tag: "2.0.1", pullPolicy: "Always" },
  imagePullSecrets: [{ name: "registry" }],
  fullnameOverride: "chat",
  publicUrl: "https://chat.example.org",
  trustedProxies: ["10.0.0.0/8", "fd00::/8"],
  maxConnections: 4_000,
  settings: {
    REGISTRATION: "invite",
    MAX_UPLOAD_BYTES: "104857600",
    TURN_URLS: "turns:turn.example.org:5349?transport=tcp",
  },
  secrets: { existingSecret: "chat-secrets" },
  storage: { s3: bucket },
  autoscaling: { enabled: true, metric: "connections" },
  service: { type: "LoadBalancer", port: 8080, annotations: { "example.org/kind": "internal" } },
  httpRoute: {
    enabled: true,
    parentRefs: [{ name: "public", namespace: "gateways" }],
    hostnames: ["chat.example.org"],
    timeouts: { request: "0s" },
  },
  voice: { hostPort: { enabled: true, port: 7882 } },
  networkPolicy: {
    enabled: true,
    from: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "gateways" } } }],
    database: { to: [{ ipBlock: { cidr: "10.1.0.0/24" } }], port: 6432 },
    redis: { to: [{ podSelector: { matchLabels: { app: "redis" } } }], port: 6380 },
    extraEgress: [{ to: [{ ipBlock: { cidr: "10.2.0.0/24" } }], ports: [{ port: 9000, protocol: "TCP" }] }],
  },
  serviceMonitor: { enabled: true, labels: { release: "monitoring" } },
  podAnnotations: { "example.org/team": "chat" },
  podLabels: { team: "chat" },
  nodeSelector: { "kubernetes.io/arch": "amd64" },
  tolerations: [{ key: "chat", operator: "Exists", effect: "NoSchedule" }],
  affinity: { nodeAffinity: {} },
  priorityClassName: "important",
};

export const withCpu = { ...least, autoscaling: { enabled: true } };

export const withKeda = {
  ...least,
  autoscaling: {
    enabled: true,
    metric: "connections",
    connections: { source: "keda" },
    keda: { serverAddress: "http://prometheus-operated.monitoring:9090" },
  },
};
