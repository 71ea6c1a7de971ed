import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Manifest } from "./helm.ts";

const root = join(import.meta.dirname, "..", "..", "..");

/** Packages that have the types of resources which Kubernetes does not bring. */
const packages: Record<string, string> = {
  "monitoring.coreos.com": "@kubernetes-models/prometheus-operator",
  "gateway.networking.k8s.io": "@kubernetes-models/gateway-api",
  "keda.sh": "@kubernetes-models/keda",
};

const settings = {
  compilerOptions: { module: "nodenext", target: "es2024", strict: true, noEmit: true, skipLibCheck: true, types: [] },
  files: ["manifests.ts"],
};

/**
 * What the compiler finds wrong with the manifests as values of the types of Kubernetes' API: misspelt and unknown keys
 * too, which a cluster drops without a word. Empty when nothing is wrong.
 */
export function typeFaults(manifests: readonly Manifest[]): string {
  mkdirSync(join(root, ".cache"), { recursive: true });
  // Inside the repository, so that the compiler finds the packages.
  const folder = mkdtempSync(join(root, ".cache", "manifests-"));
  try {
    writeFileSync(join(folder, "manifests.ts"), manifests.map(asTypeScript).join("\n"));
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(settings));
    const compiler = join(root, "node_modules/typescript/bin/tsc");
    return spawnSync(process.execPath, [compiler, "-p", folder], { encoding: "utf8" }).stdout;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function asTypeScript(manifest: Manifest, index: number): string {
  const [version, group = ""] = manifest.apiVersion.split("/").toReversed();
  const module = [packages[group] ?? "kubernetes-models", group, version].filter(Boolean).join("/");
  const value = JSON.stringify(manifest, null, 1);
  return `import type { I${manifest.kind} as Kind${index} } from "${module}";\nexport const manifest${index}: Kind${index} = ${value};\n`;
}
