// Machine code for a platform: the parts of the server that cannot be bundled.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { installPinned, root } from "./runtime.mjs";

/** Their names, and the folders in which they are; fetched where npm installed those of another platform. */
export function fetchMachineCode(forPlatform) {
  const [os, cpu] = forPlatform.split("-");
  const engine = `@node-datachannel/${[os, cpu, os === "linux" && "gnu"].filter(Boolean).join("-")}`;
  const codecs = os === "win32" ? ["sharp"] : ["sharp", "sharp-libvips"];
  const names = [engine, ...codecs.map((codec) => `@img/${codec}-${os}-${cpu}`)];
  return names.map((name) => ({ name, folder: folderOf(name, { os, cpu }) }));
}

function folderOf(name, { os, cpu }) {
  const installed = join(root, "node_modules", name);
  if (existsSync(installed)) return installed;
  const { packages } = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8"));
  const { version, integrity } = packages[`node_modules/${name}`];
  const prefix = join(root, ".runtime", `${name.replace("/", "-")}-${version}`);
  const folder = join(prefix, "node_modules", name);
  const options = [`--os=${os}`, `--cpu=${cpu}`, ...(os === "linux" ? ["--libc=glibc"] : [])];
  if (!existsSync(folder)) installPinned(prefix, { name, version, integrity }, options);
  return folder;
}
