// The program of the forwarding engine for a platform: the one part of the server that cannot be bundled.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { installPinned, root } from "./runtime.mjs";

/** Its name, and the folder in which it is; fetched where npm installed that of another platform. */
export function fetchEngine(forPlatform) {
  const [os, cpu] = forPlatform.split("-");
  const libc = os === "linux" ? "gnu" : null;
  const name = `@node-datachannel/${[os, cpu, libc].filter(Boolean).join("-")}`;
  const installed = join(root, "node_modules", name);
  if (existsSync(installed)) return { name, folder: installed };
  const { packages } = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8"));
  const { version, integrity } = packages[`node_modules/${name}`];
  const prefix = join(root, ".runtime", `engine-${forPlatform}-${version}`);
  const folder = join(prefix, "node_modules", name);
  const options = [`--os=${os}`, `--cpu=${cpu}`, ...(libc ? ["--libc=glibc"] : [])];
  if (!existsSync(folder)) installPinned(prefix, { name, version, integrity }, options);
  return { name, folder };
}
